/** Frames: the corpora as plain lines, and properties of the decoders on arbitrary input (SIG1–3). */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ERROR_CODES } from './error-code.ts'
import type { ServerFrame } from './events.ts'
import { b64, RecordingId } from './ids.ts'
import { RECORDING_LIMITS, RecordingEntry, RecordingReceipt } from './recording.ts'
import { LIMITS, RESULTS, Request } from './requests.ts'
import {
  decodeBridgeFrame,
  decodeRequest,
  decodeServerFrame,
  encodeRequest,
  encodeServerFrame,
} from './wire.ts'

const lines = (name: string): string[] =>
  readFileSync(new URL(`../corpus/${name}`, import.meta.url), 'utf8')
    .replace(/\n$/, '')
    .split('\n')

describe('requests', () => {
  test.each(lines('requests-valid.jsonl'))(
    '[SIG1] taken, and the same again after a round trip: %s',
    (line) => {
      const decoded = decodeRequest(line)
      if (!decoded.ok) throw new Error(decoded.code)
      expect(decodeRequest(encodeRequest(decoded.value))).toEqual(decoded)
      expect(JSON.parse(encodeRequest(decoded.value))).toEqual(JSON.parse(line))
    },
  )

  test('[SIG1] the valid corpus has every type of request at least once', () => {
    const seen = new Set(lines('requests-valid.jsonl').map((line) => (JSON.parse(line) as { t: string }).t))
    expect([...seen].sort()).toEqual(Object.keys(RESULTS).sort())
    expect(Request.def.options).toHaveLength(seen.size)
  })

  test.each(lines('requests-invalid.txt'))('[SIG1] refused as a value, never a crash: %s', (line) => {
    expect(decodeRequest(line)).toMatchObject({ ok: false, code: 'bad-message' })
  })

  test('[SIG1] a frame over the cap is refused before it is parsed', () => {
    const open = '['.repeat(LIMITS.frameBytes + 1)
    expect(decodeRequest(open)).toEqual({ ok: false, code: 'too-large', re: null })
    expect(decodeServerFrame(open)).toEqual({ ok: false, code: 'too-large', re: null })
  })

  test('[SIG1] a refusal names the request where its number can be made out', () => {
    expect(decodeRequest('{"t":"ping","id":7,"seen":"x"}')).toEqual({ ok: false, code: 'bad-message', re: 7 })
    expect(decodeRequest('{"t":"ping","id":"7"}')).toEqual({ ok: false, code: 'bad-message', re: null })
  })

  test('[SIG1] text that is no request never throws and is never taken', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeRequest(text).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('[SIG1] one field of a valid request replaced by anything: a value comes back, a request or a refusal', () => {
    const valid = lines('requests-valid.jsonl').map((line) => JSON.parse(line) as Record<string, unknown>)
    fc.assert(
      fc.property(fc.constantFrom(...valid), fc.nat(), fc.jsonValue(), (request, at, value) => {
        const keys = Object.keys(request)
        const decoded = decodeRequest(JSON.stringify({ ...request, [keys[at % keys.length] ?? 't']: value }))
        if (decoded.ok) expect(decodeRequest(encodeRequest(decoded.value))).toEqual(decoded)
        else expect(ERROR_CODES).toContain(decoded.code)
      }),
      { numRuns: 2_000 },
    )
  })
})

const RECORDING = RecordingId.parse('CQkJCQkJCQkJCQkJCQkJCQ')

describe('server frames', () => {
  test('[SIG1] text that is no frame never throws and is never taken', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeServerFrame(text).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test.each<ServerFrame>([
    { t: 'ok', re: 3, result: { any: 'thing' } },
    { t: 'error', re: 3, code: 'epoch-taken' },
    { t: 'goodbye', code: 'shutting-down' },
    { t: 'media.lost', seq: 1 },
    {
      t: 'recording.state',
      seq: 2,
      recording: RECORDING,
      state: 'paused',
      why: 'disk-full',
      since: 1_700_000_000_000,
    },
    { t: 'recording.state', seq: 3, recording: null, state: 'off', why: 'meeting-over', since: 1 },
    { t: 'recording.sealed', seq: 4, recording: RECORDING, statement: 'AAAA' },
  ])('[SIG1] $t survives a round trip', (frame) => {
    expect(decodeServerFrame(encodeServerFrame(frame))).toEqual({ ok: true, value: frame })
  })

  test('[SIG6] an event without a number, or numbered 0, is refused', () => {
    expect(decodeServerFrame('{"t":"media.lost"}').ok).toBe(false)
    expect(decodeServerFrame('{"t":"media.lost","seq":0}').ok).toBe(false)
  })

  test('[SIG1] one field of a state of a recording replaced by anything: a value comes back, or a refusal', () => {
    const state = { t: 'recording.state', seq: 1, recording: null, state: 'off', why: 'asked', since: 5 }
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(state)), fc.jsonValue(), (key, value) => {
        const decoded = decodeServerFrame(JSON.stringify({ ...state, [key]: value }))
        if (decoded.ok) expect(decodeServerFrame(encodeServerFrame(decoded.value))).toEqual(decoded)
        else expect(ERROR_CODES).toContain(decoded.code)
      }),
      { numRuns: 1_000 },
    )
  })

  test('[SIG1] an error outside the documented list is refused', () => {
    expect(decodeServerFrame('{"t":"error","re":1,"code":"made-up"}').ok).toBe(false)
  })
})

describe('byte fields', () => {
  test('[SIG3] what base64url makes of n bytes is taken exactly when n is within the bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(40), fc.nat(40), (bytes, least, more) => {
        const text = Buffer.from(bytes).toString('base64url')
        const taken = b64(least + more, least).safeParse(text).success
        expect(taken).toBe(bytes.length >= least && bytes.length <= least + more)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('recordings', () => {
  const envelope = (bytes: number) =>
    JSON.stringify({
      t: 'recording.envelope',
      id: 1,
      recording: RECORDING,
      group: RECORDING,
      epoch: 1,
      part: 0,
      body: Buffer.alloc(bytes).toString('base64url'),
    })

  test('[SIG3][REC2] the largest envelope is taken, one byte more is refused', () => {
    expect(decodeRequest(envelope(RECORDING_LIMITS.envelopeBytes)).ok).toBe(true)
    expect(decodeRequest(envelope(RECORDING_LIMITS.envelopeBytes + 1)).ok).toBe(false)
  })

  test('[REC7] what the list and a receipt hold is never taken from anything else, nor a field more', () => {
    const entry = { recording: RECORDING, startedAt: 1, endedAt: null, deletedAt: null, files: [] }
    const receipt = { recording: RECORDING, deletedAt: 1, why: 'asked', files: 2, sizeBytes: 9 }
    expect(RecordingEntry.safeParse(entry).success).toBe(true)
    expect(RecordingReceipt.safeParse(receipt).success).toBe(true)
    expect(RecordingEntry.safeParse({ ...entry, name: 'board meeting' }).success).toBe(false)
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(RecordingEntry.safeParse(value).success).toBe(false)
        expect(RecordingReceipt.safeParse(value).success).toBe(false)
      }),
    )
  })
})

describe('[TEL9] what a telephone bridge hears', () => {
  const k16 = 'BwcHBwcHBwcHBwcHBwcHBw'
  const k32 = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc'
  const offer = { t: 'bridge.offer', offer: 1, room: 'a'.repeat(16), group: k16, ticket: k32, grant: 'BwcH' }

  test('is an offer, an answer or last words, and nothing that a session hears', () => {
    expect(decodeBridgeFrame(JSON.stringify(offer))).toEqual({ ok: true, value: offer })
    expect(decodeBridgeFrame('{"t":"goodbye","code":"bridge-replaced"}').ok).toBe(true)
    expect(decodeBridgeFrame('{"t":"media.lost","seq":1}').ok).toBe(false)
    expect(decodeServerFrame(JSON.stringify(offer)).ok).toBe(false)
  })

  test('is refused as a value otherwise', () => {
    for (const change of [
      { offer: 0 },
      { room: 'x' },
      { grant: '' },
      { grant: 'B'.repeat(5600) },
      { more: 1 },
    ])
      expect(decodeBridgeFrame(JSON.stringify({ ...offer, ...change })).ok).toBe(false)
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(decodeBridgeFrame(text).ok).toBe(false)
      }),
    )
  })
})
