import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_HEAD_BYTES } from './decode-sip.ts'
import type { Framed } from './stream-framer.ts'
import { StreamFramer } from './stream-framer.ts'
import { request } from './testing.ts'

const messages = [
  request({ method: 'INVITE', body: 'v=0\r\n\r\nv=1\r\n' }),
  request({ method: 'OPTIONS' }),
  request({ method: 'BYE' }),
].map((bytes) => new Uint8Array(bytes))
const bytesOf = (framed: Framed[] | null) =>
  (framed ?? []).flatMap((one) => (one.t === 'message' ? [one.bytes] : []))

describe('[TEL7] messages of a stream', () => {
  test('come out whole wherever the stream is cut', () => {
    const stream = Buffer.concat(messages)
    const cuts = fc.array(fc.nat(stream.length), { maxLength: 12 })
    fc.assert(
      fc.property(cuts, (places) => {
        const framer = new StreamFramer()
        const edges = [0, ...places.sort((a, b) => a - b), stream.length]
        const out = edges.flatMap((from, i) =>
          bytesOf(framer.push(stream.subarray(from, edges[i + 1] ?? from))),
        )
        expect(out).toEqual(messages)
      }),
    )
  })

  test('a keep-alive is told', () => {
    expect(new StreamFramer().push(Buffer.from('\r\n\r\n'))).toEqual([{ t: 'ping' }])
  })

  test.each([
    ['an endless head', 'a'.repeat(MAX_HEAD_BYTES)],
    ['no length', 'OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n'],
    ['two lengths', 'OPTIONS sip:a SIP/2.0\r\nl: 3\r\nContent-Length: 4\r\n\r\n'],
    ['a body too large', 'OPTIONS sip:a SIP/2.0\r\nl: 999999\r\n\r\n'],
  ])('%s ends the stream', (_, text) => {
    expect(new StreamFramer().push(Buffer.from(text))).toBeNull()
  })

  test('arbitrary bytes never throw', () => {
    const framer = () => new StreamFramer()
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
        const one = framer()
        for (const chunk of chunks) if (one.push(chunk) === null) return
      }),
    )
  })
})
