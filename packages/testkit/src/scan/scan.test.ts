/** The scan itself: what it takes, and that each kind of leak fails it. */
import { readFileSync } from 'node:fs'
import { deriveKeys, encodeKid, sealFrame } from '@huisclos/crypto/sframe'
import { LIMITS, Request } from '@huisclos/protocol'
import { describe, expect, test } from 'vitest'
import type { TappedStream } from './check-packets.ts'
import { PacketJudge } from './check-packets.ts'
import { WireJudge } from './check-wire.ts'
import { NeedleSearch, textNeedle } from './needles.ts'
import { PlaintextWindows } from './plaintext-windows.ts'
import { SEEN_FIELDS, seenPage, unlistedFields } from './seen-fields.ts'

const NAME = 'Anaïs Lémery'
const search = new NeedleSearch([
  textNeedle('a name', NAME),
  { what: 'a secret', bytes: new Uint8Array(32).fill(0xa7) },
])

describe('needles', () => {
  const around = (bytes: Uint8Array, before: number) =>
    Buffer.concat([Buffer.alloc(before, 1), bytes, Buffer.alloc(5, 2)])
  const name = Buffer.from(NAME)
  test.each<[string, Uint8Array]>([
    ['bytes', around(name, 3)],
    ['UTF-16LE', Buffer.from(NAME, 'utf16le')],
    ['UTF-16BE', Buffer.from(NAME, 'utf16le').swap16()],
    ['hex', Buffer.from(name.toString('hex'))],
    ['HEX', Buffer.from(name.toString('hex').toUpperCase())],
    ['percent', Buffer.from(`?n=${encodeURIComponent(NAME)}`)],
    ['base64', Buffer.from(around(name, 0).toString('base64'))],
    ['base64', Buffer.from(around(name, 1).toString('base64'))],
    ['base64url', Buffer.from(around(name, 2).toString('base64url'))],
  ])('[SEE1] a name is found in %s', (as, haystack) => {
    expect(search.find(haystack)).toContain(`a name in ${as}`)
  })
  test('[SEE1] a secret is found, other bytes are not', () => {
    expect(search.find(new Uint8Array(40).fill(0xa7))).toContain('a secret in bytes')
    expect(search.find(crypto.getRandomValues(new Uint8Array(65_536)))).toEqual([])
  })
})

describe('messages', () => {
  const corpus = readFileSync(
    new URL('../../../protocol/corpus/requests-valid.jsonl', import.meta.url),
    'utf8',
  )
  const judged = (text: string, from: 'client' | 'server' = 'client') => {
    const judge = new WireJudge(search)
    judge.frame({ socket: 1, from, text })
    return judge.defects.map(({ what }) => what)
  }
  test.each(corpus.trim().split('\n'))('[SEE1] every request of the corpus is on the list: %s', (line) => {
    expect(judged(line)).toEqual([])
  })
  test('[SEE1] a message with one field more fails', () => {
    expect(judged('{"t":"ping","id":1,"seen":0,"name":"x"}')).toEqual(['a message that no schema has'])
  })
  test('[SEE1] a field that a schema has and the list does not fails', () => {
    expect(unlistedFields('ping', { t: 'ping', id: 1, seen: 0, battery: { level: 7 } })).toEqual([
      'ping.battery.level',
    ])
    expect(unlistedFields('hello', { room: 'r', access: 'a', versions: [1] })).toEqual([])
  })
  test('[SEE1] a name inside a byte field fails', () => {
    const body = Buffer.concat([Buffer.alloc(7), Buffer.from(NAME)]).toString('base64url')
    const text = JSON.stringify({ t: 'group.app', id: 1, group: 'g'.repeat(22), epoch: 1, body })
    expect(judged(text)).toContain('a name in bytes')
  })
  test('[SEE1] an answer to nothing, and an event with a name, fail', () => {
    expect(judged('{"t":"ok","re":9,"result":{}}', 'server')).toEqual(['a result that no schema has'])
    expect(judged(`{"t":"media.lost","seq":1,"n":"${NAME}"}`, 'server')).toContain('a name in bytes')
  })
  test('[SEE1] a referrer, a cookie, a body that no schema has, and a name in an address fail', () => {
    const judge = new WireJudge(search)
    const exchange = {
      method: 'GET',
      path: `/m/abc?n=${encodeURIComponent(NAME)}`,
      headers: { referer: 'x', cookie: 'y' },
    }
    judge.exchange({ ...exchange, body: Buffer.from('{"a":1}') })
    expect(judge.defects.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'a name in percent',
        'the header referer',
        'the header cookie',
        'a body that no schema has',
      ]),
    )
  })
  test('[SEE1] every request’s kind is known to the list or has no field of its own', () => {
    const listed = Object.values(SEEN_FIELDS).flat().join('\n')
    const bare = ['leave']
    for (const { def } of Request.def.options) {
      const [type = ''] = def.shape.t.def.values
      if (!bare.includes(type)) expect(listed).toContain(`${type}.`)
    }
    expect(LIMITS.frameBytes).toBeGreaterThan(0)
  })
})

describe('packets', () => {
  const LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level'
  const opus: TappedStream = {
    codec: 'opus',
    extensions: new Map([
      [1, 'urn:ietf:params:rtp-hdrext:sdes:mid'],
      [6, LEVEL],
    ]),
  }
  const frame = crypto.getRandomValues(new Uint8Array(120))
  const windows = new PlaintextWindows()
  windows.add(frame)

  const packet = (payload: Uint8Array, extension?: number): Uint8Array => {
    const head = Buffer.from([extension ? 0x90 : 0x80, 0xe4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9])
    const extra = extension
      ? Buffer.from([0xbe, 0xde, 0, 1, (extension << 4) | 0, 0x55, 0, 0])
      : Buffer.alloc(0)
    return Buffer.concat([head, extra, payload])
  }
  const sealed = async () => {
    const key = await deriveKeys(
      5,
      encodeKid({ stream: 0, leaf: 2, epoch: 3 }),
      new Uint8Array(32).fill(1),
      'seal',
    )
    const made = await sealFrame(key, 4n, { codec: 'opus', kind: 'audio', data: frame })
    if (!made.ok) throw new Error(made.code)
    return made.data
  }
  const judged = (bytes: Uint8Array[], stream = opus) => {
    const judge = new PacketJudge(search, windows)
    for (const each of bytes) judge.packet(stream, each)
    return { what: judge.defects.map(({ what }) => what), judge }
  }

  test('[SEE1] a sealed frame with a listed extension is taken, and its sender is told', async () => {
    const { what, judge } = judged([packet(await sealed(), 1)])
    expect(what).toEqual([])
    expect([...judge.senders]).toEqual(['2/0'])
  })
  test('[SEE1] a frame in clear fails', () => {
    expect(judged([packet(frame)]).what).toContain('sixteen bytes of a frame in clear')
  })
  test('[SEE1] sixteen bytes of a frame are found wherever they lie, fifteen are not', () => {
    const noise = () => crypto.getRandomValues(new Uint8Array(30))
    for (let at = 0; at + 16 <= frame.length; at++) {
      expect(windows.isIn(Buffer.concat([noise(), frame.subarray(at, at + 16), noise()]))).toBe(true)
    }
    const cut = Uint8Array.from([...frame.subarray(40, 55), (frame[55] ?? 0) ^ 1])
    expect(windows.isIn(Buffer.concat([noise(), Uint8Array.of((frame[39] ?? 0) ^ 1), cut, noise()]))).toBe(
      false,
    )
  })
  test('[SEE1] a part of a frame in clear behind a good seal fails', async () => {
    expect(judged([packet(Buffer.concat([await sealed(), frame.subarray(40, 70)]))]).what).toEqual([
      'sixteen bytes of a frame in clear',
    ])
  })
  test('[SEE1] the audio level fails, and so does an extension that nobody agreed on', async () => {
    expect(judged([packet(await sealed(), 6)]).what).toEqual([`the header extension ${LEVEL}`])
    expect(judged([packet(await sealed(), 9)]).what).toEqual(['the header extension 9'])
  })
  test('[SEE1] a payload too short for a tag, and padding with something in it, fail', async () => {
    expect(judged([packet(Uint8Array.of(0x12, 1, 2, 3))]).what).toEqual(['a frame without a tag'])
    const padded = Buffer.from(packet(Buffer.concat([await sealed(), Buffer.from([7, 7, 3])])))
    padded[0] = 0xa0
    expect(judged([padded]).what).toEqual(['padding that is not zeros'])
  })
  test('[KEY2] one counter used twice under one KID fails', async () => {
    const bytes = packet(await sealed())
    expect(judged([bytes, bytes]).what).toEqual(['a counter that was used before'])
  })
})

test('[SEE1] spec/seen.md is the table', () => {
  expect(readFileSync(new URL('../../../../spec/seen.md', import.meta.url), 'utf8')).toBe(seenPage())
})
