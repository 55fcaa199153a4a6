/**
 * The process of phones-apart.ts: all telephones of the load on one event loop, each with a beat of its own. Keeps how
 * late it was itself, so that a figure is not blamed on the bridge.
 */
import { setPriority } from 'node:os'
import { performance } from 'node:perf_hooks'
import { LoadPhone } from './load-phone.ts'
import { monotonicMs } from './monotonic.ts'
import type { FromPhones, ToPhones } from './phones-apart.ts'
import { spokenLoop } from './spoken-loop.ts'

interface Running {
  phone: LoadPhone
  talks: boolean
  dueMs: number
}

const FRAME_MS = 20
/** Beats are spread, so that telephones do not speak in chorus. */
const SPREAD_MS = 0.37
const LOOP_SECONDS = 4
const phones: Running[] = []
const late: number[] = []
let busy = performance.eventLoopUtilization()
let measuring = false
let timer: NodeJS.Timeout | undefined

const answer = (message: FromPhones) => process.send?.(message)

function tick(): void {
  const now = monotonicMs()
  for (const running of phones) {
    while (running.dueMs <= now) {
      if (measuring) late.push(monotonicMs() - running.dueMs)
      running.phone.sendFrame()
      running.dueMs += FRAME_MS
    }
  }
  timer = setTimeout(tick, 1)
}

async function call({ port, number, pin, talks }: Extract<ToPhones, { t: 'call' }>): Promise<void> {
  const phone = new LoadPhone({ port, number }, loopOf(talks))
  await phone.call()
  phones.push({ phone, talks, dueMs: monotonicMs() + ((phones.length * SPREAD_MS) % FRAME_MS) })
  phone.press(`${pin}#`)
  answer({ t: 'called' })
}

let chirpEvery = 50
let loops = new Map<boolean, ReturnType<typeof spokenLoop>>()
function loopOf(talks: boolean) {
  const known = loops.get(talks) ?? spokenLoop({ seconds: LOOP_SECONDS, chirpEvery, talks })
  loops.set(talks, known)
  return known
}

function handle(message: ToPhones): void {
  switch (message.t) {
    case 'call':
      call(message).catch((error: unknown) => answer({ t: 'failed', why: String(error) }))
      break
    case 'press':
      for (const { phone } of phones) phone.press(message.keys)
      break
    case 'chirp':
      chirpEvery = message.every
      loops = new Map()
      for (const { phone, talks } of phones) phone.loop = loopOf(talks)
      break
    case 'keep':
      late.length = 0
      measuring = true
      busy = performance.eventLoopUtilization()
      for (const { phone } of phones) phone.keep()
      break
    case 'report': {
      measuring = false
      const { utilization } = performance.eventLoopUtilization(busy)
      const hungUp = phones.filter(({ phone }) => phone.hungUp).length
      const heard = phones.map(({ phone }) => phone.kept())
      answer({ t: 'report', heard, lateMs: late, loopBusy: utilization, hungUp })
    }
  }
}

/** Telephones do not wait for a core: where we may, ours go first. */
function goFirst(): void {
  try {
    setPriority(-10)
  } catch {
    // Not root: how late they are is measured anyway.
  }
}

goFirst()
process.on('message', handle)
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => {
  clearTimeout(timer)
  for (const { phone } of phones) phone.close()
  setTimeout(() => process.exit(0), 100)
})
tick()
answer({ t: 'ready' })
