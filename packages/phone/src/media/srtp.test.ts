import { decodeRtp, encodeRtp } from '@huisclos/rtp'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aesCounter, deriveSrtpKey, SrtpContext } from './srtp.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'))
const shown = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()

describe('[TEL5] RFC 3711', () => {
  test('appendix B.2: the keystream of AES-CM', () => {
    const key = hex('2B7E151628AED2A6ABF7158809CF4F3C')
    const counter = hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000')
    const stream = aesCounter(key, counter, new Uint8Array(48))
    expect(shown(stream)).toBe(
      'E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0',
    )
  })

  test('appendix B.3: derivation of keys', () => {
    const master = hex('E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6')
    expect(shown(deriveSrtpKey(master, 0, 16))).toBe('C61E7A93744F39EE10734AFE3FF7A087')
    expect(shown(deriveSrtpKey(master, 2, 14))).toBe('30CBBC08863D8C85D49DB34A9AE1')
    expect(shown(deriveSrtpKey(master, 1, 20))).toBe('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4')
  })
})

const master = new Uint8Array(30).map((_, i) => i * 7)
const packet = (sequence: number, ssrc = 99, text = 'sound') =>
  encodeRtp({
    payloadType: 0,
    sequence,
    timestamp: sequence * 160,
    ssrc,
    marker: false,
    payload: Buffer.from(text),
  })

describe('[TEL5] SRTP', () => {
  test('what one side seals the other opens, over the rollover of sequence numbers', () => {
    const [sender, receiver] = [new SrtpContext(master), new SrtpContext(master)]
    for (let i = 0; i < 70_000; i += 97) {
      const clear = packet(i & 0xffff)
      const sealed = sender.protect(clear)
      expect(Buffer.from(sealed).includes('sound')).toBe(false)
      const opened = receiver.unprotect(sealed)
      expect(opened && decodeRtp(opened)?.sequence).toBe(i & 0xffff)
    }
  })

  test('a packet changed, cut, of another key or played again does not open', () => {
    const [sender, receiver] = [new SrtpContext(master), new SrtpContext(master)]
    const sealed = sender.protect(packet(1))
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const forged = Uint8Array.from(sealed)
        forged[at] = (forged[at] ?? 0) ^ change
        expect(receiver.unprotect(forged)).toBeNull()
      }),
    )
    expect(receiver.unprotect(sealed.subarray(0, 15))).toBeNull()
    expect(new SrtpContext(new Uint8Array(30)).unprotect(sealed)).toBeNull()
    expect(receiver.unprotect(sealed)).not.toBeNull()
    expect(receiver.unprotect(sealed)).toBeNull()
  })

  test('late packets open once, those older than the window never', () => {
    const [sender, receiver] = [new SrtpContext(master), new SrtpContext(master)]
    const sealed = Array.from({ length: 100 }, (_, i) => sender.protect(packet(i)))
    const open = (i: number) => receiver.unprotect(sealed[i] ?? new Uint8Array()) !== null
    expect([99, 50, 50, 99, 10].map(open)).toEqual([true, true, false, false, false])
  })

  test('arbitrary bytes never throw', () => {
    const receiver = new SrtpContext(master)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => receiver.unprotect(bytes) === null))
  })
})
