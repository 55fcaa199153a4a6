import { expect, test } from 'vitest'
import { FRAME_MS } from '../audio/samples.ts'
import { CallMedia } from '../media/call-media.ts'
import { Attempts } from './attempts.ts'
import type { MeetingDoor, MeetingSeat, SeatEvents } from './meeting-door.ts'
import { HOLD_MS, PhoneCall, SILENCE_MS } from './phone-call.ts'

function makeMedia(): CallMedia {
  const agreed = { codec: 'PCMU', payloadType: 0, eventType: null, srtp: null } as const
  return new CallMedia({ agreed, ours: null, ssrc: 1, sequence: 1, timestamp: 1 })
}

/** A call with a clock, before a door that opens with one PIN. */
function makeCall() {
  const state = { now: 0, hungUp: false, tried: [] as string[], spoken: 0, loud: 0, sent: 0, left: false }
  const seat: MeetingSeat = {
    waiting: false,
    speak: (frame) => {
      state.spoken += 1
      if (frame.some((sample) => sample !== 0)) state.loud += 1
    },
    listen: () => new Int16Array(320),
    setMuted: () => undefined,
    setHand: () => undefined,
    leave: () => {
      state.left = true
    },
  }
  let events: SeatEvents | null = null
  const door: MeetingDoor = {
    pulse: () => undefined,
    open: async (pin, _, on) => {
      state.tried.push(pin)
      events = on
      return pin === '123456789' ? seat : null
    },
  }
  const call = new PhoneCall({
    caller: { label: '•• •• ••', trunk: 't', key: 'k' },
    language: 'fr',
    door,
    attempts: new Attempts(),
    now: () => state.now,
    send: () => {
      state.sent += 1
    },
    hangUp: () => {
      state.hungUp = true
    },
  })
  const run = async (ms: number) => {
    for (let end = state.now + ms; state.now < end; ) {
      state.now += FRAME_MS
      call.pulse()
      await Promise.resolve()
    }
  }
  return { call, state, run, events: () => events }
}

const packet = (sequence: number) =>
  Buffer.concat([Buffer.from([0x80, 0, sequence >> 8, sequence & 255]), Buffer.alloc(168)])

test('[TEL7] thirty seconds without a packet end the call; a packet begins them anew', async () => {
  const { call, state, run } = makeCall()
  const media = makeMedia()
  call.use(media)
  await run(SILENCE_MS - 1000)
  media.receive(packet(1))
  await run(5000)
  expect(state.hungUp).toBe(false)
  await run(SILENCE_MS)
  expect(state.hungUp).toBe(true)
})

test('[TEL7] a caller on hold is not hung up on for its silence, for half an hour', async () => {
  const { call, state, run } = makeCall()
  call.use(makeMedia())
  for (const key of '123456789#') call.key(key)
  await run(500)
  call.use(makeMedia(), { sends: false, receives: false })
  await run(SILENCE_MS * 2)
  expect(state.hungUp).toBe(false)
  state.now += HOLD_MS - SILENCE_MS * 3
  await run(1000)
  expect(state.hungUp).toBe(false)
  await run(SILENCE_MS)
  expect(state.hungUp).toBe(true)
})

test('[TEL5] on hold nothing goes to the caller, and its music not into the meeting; back, both do', async () => {
  const { call, state, run } = makeCall()
  call.use(makeMedia())
  for (const key of '123456789#') call.key(key)
  await run(500)
  const music = async (media: CallMedia) => {
    const { spoken, loud, sent } = state
    for (let i = 0; i < 50; i += 1) {
      media.receive(Buffer.concat([packet(i).subarray(0, 12), Buffer.alloc(160, i % 2 ? 0x10 : 0x90)]))
      await run(FRAME_MS)
    }
    return { spoken: state.spoken - spoken, loud: state.loud - loud, sent: state.sent - sent }
  }
  const [held, back] = [makeMedia(), makeMedia()]
  call.use(held, { sends: true, receives: false })
  expect(await music(held)).toEqual({ spoken: 50, loud: 0, sent: 0 })
  call.use(back)
  const after = await music(back)
  expect([after.spoken, after.sent]).toEqual([50, 50])
  expect(after.loud).toBeGreaterThan(30)
})

test('[TEL4] before the PIN is right nothing of a caller reaches a meeting', async () => {
  const { call, state, run } = makeCall()
  call.use(makeMedia())
  for (const key of '111111111#') call.key(key)
  await run(500)
  expect([state.tried, state.spoken]).toEqual([['111111111'], 0])
  await run(3000)
  for (const key of '123456789#') call.key(key)
  await run(500)
  expect(state.spoken).toBeGreaterThan(10)
})

test('a seat that opens for a call that is over is left at once', async () => {
  const { call, state, run } = makeCall()
  call.use(makeMedia())
  for (const key of '123456789#') call.key(key)
  call.close()
  await run(100)
  expect(state.left).toBe(true)
})

test('[TEL4] over the limit a PIN is not even tried, and the answer is the same', async () => {
  const { call, state, run } = makeCall()
  call.use(makeMedia())
  const attempts = new Attempts()
  for (let i = 0; i < 6; i += 1) attempts.fail(0, { caller: 'k', trunk: 't', pin: `${i}11111111` })
  const limited = new PhoneCall({
    caller: { label: '', trunk: 't', key: 'k' },
    language: 'en',
    door: {
      pulse: () => undefined,
      open: async (pin) => {
        state.tried.push(pin)
        return null
      },
    },
    attempts,
    now: () => 1,
    send: () => undefined,
    hangUp: () => undefined,
  })
  limited.use(makeMedia())
  for (const key of '123456789#') limited.key(key)
  await run(100)
  expect(state.tried).toEqual([])
  expect(limited.at).toBe('paused')
})
