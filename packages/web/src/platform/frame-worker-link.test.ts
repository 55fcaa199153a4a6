import { expect, test } from 'vitest'
import type { FromFrameWorker } from './frame-messages.ts'
import type { WorkerPort } from './frame-worker-link.ts'
import { FrameWorkerLink, transformApi } from './frame-worker-link.ts'

function start() {
  const heard = new Map<string, (event: { data: FromFrameWorker }) => void>()
  const posted: { message: object; transfer: unknown }[] = []
  const told: unknown[] = []
  const worker = {
    postMessage: (message: object, transfer?: unknown) => void posted.push({ message, transfer }),
    addEventListener: (type: string, listener: never) => void heard.set(type, listener),
    terminate: () => void told.push('terminated'),
  } as unknown as WorkerPort
  const link = new FrameWorkerLink(worker, 'streams', {
    waiting: (...all) => void told.push(['waiting', ...all]),
    forged: (consumer) => void told.push(['forged', consumer]),
    needsKeyFrame: (consumer) => void told.push(['key', consumer]),
    ownKeyFrame: (source) => void told.push(['own-key', source]),
    fault: () => void told.push('fault'),
  })
  const hear = (data: FromFrameWorker) => heard.get('message')?.({ data })
  return { link, posted, told, hear, fail: () => heard.get('error')?.({} as never) }
}

test('script transforms come first, encoded streams where that is all there is, else nothing', () => {
  const sender = (part: object) => ({ RTCRtpSender: { prototype: part } })
  expect(transformApi({ RTCRtpScriptTransform: class {}, ...sender({ createEncodedStreams() {} }) })).toBe(
    'script',
  )
  expect(transformApi(sender({ createEncodedStreams() {} }))).toBe('streams')
  expect(transformApi(sender({}))).toBeNull()
  expect(transformApi({})).toBeNull()
})

test('[FRM3] encoded streams are handed to the worker, not copied and not read by the page', () => {
  const { link, posted } = start()
  const [readable, writable] = [new ReadableStream(), new WritableStream()]
  const role = { role: 'receive' as const, consumer: 'c', codec: 'vp8' as const, kind: 'video' as const }
  link.attach({ createEncodedStreams: () => ({ readable, writable }) } as unknown as RTCRtpReceiver, role)
  expect(posted[0]?.transfer).toEqual([readable, writable])
})

test('[FRM2] an end that gives no access to its frames is refused', () => {
  const role = { role: 'receive' as const, consumer: 'c', codec: 'vp8' as const, kind: 'video' as const }
  expect(() => start().link.attach({} as RTCRtpReceiver, role)).toThrow('unsupported-browser')
})

test('reports reach the page; a worker that dies is a fault', () => {
  const { told, hear, fail, link } = start()
  hear({ t: 'waiting', consumer: 'c', waiting: true })
  hear({ t: 'forged', consumer: 'c' })
  hear({ t: 'needs-key-frame', consumer: 'c' })
  hear({ t: 'report', counts: { sealed: 3, opened: 0, sealMs: 1, openMs: 0, notSent: {}, notOpened: {} } })
  fail()
  expect(told).toEqual([['waiting', 'c', true], ['forged', 'c'], ['key', 'c'], 'fault'])
  expect(link.counts.sealed).toBe(3)
})

test('each question for counters gets its own answer; ending the worker answers those left', async () => {
  const { link, hear } = start()
  const first = link.counters()
  const second = link.counters()
  hear({ t: 'counters', ask: 2, counters: [{ stream: 1, counter: '9' }] })
  expect(await second).toEqual([{ stream: 1, counter: '9' }])
  const heard = link.heardCounters()
  hear({ t: 'heard', ask: 3, heard: [{ leaf: 2, stream: 1, epoch: 3, counter: '7' }] })
  expect(await heard).toEqual([{ leaf: 2, stream: 1, epoch: 3, counter: '7' }])
  const last = link.heardCounters()
  link.terminate()
  expect(await first).toEqual([])
  expect(await last).toEqual([])
})
