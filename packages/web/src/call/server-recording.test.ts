import { encodeBase64url, random } from '@huisclos/crypto/bytes'
import * as keys from '@huisclos/crypto/seal'
import type { OrderedRecording } from '@huisclos/participant'
import type { RecordingPolicy } from '@huisclos/protocol'
import { describe, expect, test } from 'vitest'
import { testView } from '../ui/room/test-people.ts'
import { ServerRecording } from './server-recording.ts'

const half = { publicKey: random(1216), owner: 'The board' }
const fingerprint = keys.formatFingerprint(keys.recordingFingerprint(half.publicKey))
const file = keys.encodePublicKeyFile(half)
const settle = () => new Promise((resolve) => setTimeout(resolve))

interface Wish {
  allowed?: RecordingPolicy['allowed']
  remembered?: string
  refuses?: string
  host?: boolean
  policy?: () => Promise<RecordingPolicy>
  loadKeys?: () => Promise<typeof keys>
}

function begin({ allowed = 'both', remembered = '', refuses, host = true, policy, loadKeys }: Wish = {}) {
  const kept = { text: remembered }
  const orders: { publicKey: Uint8Array; owner: string; withMe: boolean }[] = []
  const saved: string[] = []
  const clock = { now: 1_000 }
  let view = testView()
  let watch = (): void => {}
  const recording = new ServerRecording({
    meeting: {
      get view() {
        return view
      },
      subscribe: (changed) => {
        watch = changed
        return () => {}
      },
      startRecording: async (order) => {
        orders.push(order)
        if (refuses !== undefined) throw Object.assign(new Error(refuses), { code: refuses })
      },
    },
    policy: policy ?? (async () => ({ allowed, retentionDays: 30 })),
    loadKeys: loadKeys ?? (async () => keys),
    memory: {
      read: () => kept.text,
      write: (text) => {
        kept.text = text
      },
    },
    origin: 'https://meet.example.org',
    ownerToken: host ? () => 'TOKEN' : null,
    saveFile: (name, text) => void saved.push(name, text),
    now: () => clock.now,
  })
  const show = (ordered: OrderedRecording | null) => {
    view = testView({ recording: { ...view.recording, ordered } })
    watch()
  }
  return { recording, kept, orders, saved, clock, show }
}

const ordered: OrderedRecording = {
  id: 'A'.repeat(22),
  fingerprint,
  owner: half.owner,
  by: null,
  since: 0,
  paused: false,
  sealing: true,
  stopping: false,
  consent: 'no',
  server: 'running',
  serverWhy: null,
}

describe('what may be begun', () => {
  test.each([
    ['off', { local: false, server: false }],
    ['local', { local: true, server: false }],
    ['server', { local: false, server: true }],
    ['both', { local: true, server: true }],
  ] as const)('[REC23] where the operator says %s', async (allowed, offered) => {
    const { recording } = begin({ allowed })
    expect(recording.view.allowed).toEqual({ local: false, server: false })
    await settle()
    expect(recording.view).toMatchObject({ allowed: offered, retentionDays: 30 })
  })

  test('[REC23] nothing while the server does not say, which is asked again', async () => {
    let tries = 0
    const { recording, show } = begin({
      policy: async () => {
        tries += 1
        if (tries === 1) throw new Error('unreachable')
        return { allowed: 'both', retentionDays: null }
      },
    })
    await settle()
    expect(recording.view.allowed).toEqual({ local: false, server: false })
    show(null)
    await settle()
    expect(recording.view.allowed).toEqual({ local: true, server: true })
  })
})

describe('the key', () => {
  test('[REC1] shows owner and fingerprint before anything is ordered', async () => {
    const { recording, orders } = begin()
    expect(await recording.start(true)).toBe(false)
    await recording.readKey(file)
    expect(recording.view.key).toEqual({ owner: 'The board', fingerprint, remembered: false })
    expect(orders).toEqual([])
    expect(await recording.start(true)).toBe(true)
    expect(orders).toEqual([{ ...half, withMe: true }])
  })

  test('that cannot be read because its reader does not arrive: said, and nothing is ordered', async () => {
    const { recording } = begin({ loadKeys: () => Promise.reject(new Error('offline')) })
    await recording.readKey(file)
    expect(recording.view).toMatchObject({ key: null, problem: 'fault' })
    expect(await recording.start(true)).toBe(false)
  })

  test('[REC23] of a file with the sealed private half, this browser keeps the public half alone', async () => {
    const sealed = encodeBase64url(random(48))
    const whole = JSON.stringify({
      ...JSON.parse(file),
      huisclos: 'recording key',
      sealed,
      kdf: { salt: sealed },
    })
    const { recording, kept, orders } = begin()
    await recording.readKey(whole)
    recording.rememberKey(true)
    await settle()
    expect(kept.text).toBe(file)
    await recording.start(false)
    expect(Object.keys(orders[0] ?? {}).sort()).toEqual(['owner', 'publicKey', 'withMe'])
    expect(JSON.stringify(recording.view)).not.toContain(sealed)
  })

  test('is remembered by choice alone, and forgotten', async () => {
    const { recording, kept } = begin()
    await recording.readKey(file)
    expect(kept.text).toBe('')
    recording.rememberKey(true)
    await settle()
    const next = begin({ remembered: kept.text })
    await settle()
    expect(next.recording.view.key).toEqual({ owner: 'The board', fingerprint, remembered: true })
    next.recording.forgetKey()
    expect(next.kept.text).toBe('')
    expect(next.recording.view.key).toBeNull()
  })

  test.each([
    ['not-a-key', 'a photograph'],
    ['damaged', '{"huisclos":"recording public key","version":1}'],
    ['later-version', '{"huisclos":"recording public key","version":2}'],
  ] as const)('%s is told', async (why, text) => {
    const { recording } = begin()
    await recording.readKey(text)
    expect(recording.view).toMatchObject({ key: null, keyProblem: why })
  })
})

test.each([
  ['recording-exists', 'recording-exists'],
  ['recording-unavailable', 'recording-unavailable'],
  ['something else', 'fault'],
])('a refusal, %s, is shown as %s', async (code, problem) => {
  const { recording } = begin({ refuses: code })
  await recording.readKey(file)
  expect(await recording.start(false)).toBe(false)
  expect(recording.view).toMatchObject({ ordering: false, problem })
})

test('where the recording is, is told when it has ended, with how long it was', () => {
  const { recording, clock, show, saved } = begin()
  show(ordered)
  clock.now += 60_000
  show({ ...ordered, stopping: true })
  expect(recording.view.finished).toBeNull()
  show(null)
  expect(recording.view.finished).toMatchObject({
    address: `https://meet.example.org/${ordered.id}`,
    owner: 'The board',
    durationMs: 60_000,
  })
  recording.saveToken()
  expect(saved).toEqual(['huisclos-recordings.token', 'TOKEN\n'])
  recording.dismissFinished()
  expect(recording.view.finished).toBeNull()
})

test('nothing is told to whoever could not fetch it', () => {
  const { recording, show } = begin({ host: false })
  show(ordered)
  show(null)
  expect(recording.view.finished).toBeNull()
})
