import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agree, writeAnswer } from './negotiate.ts'
import { readOffer } from './read-offer.ts'

const key = Buffer.from(new Uint8Array(30).fill(5)).toString('base64')
const offerText = (media: string[]) =>
  ['v=0', 'o=- 1 1 IN IP4 192.0.2.7', 's=-', 'c=IN IP4 192.0.2.7', 't=0 0', ...media, ''].join('\r\n')
const read = (media: string[]) => readOffer(Buffer.from(offerText(media)))
const plain = [
  'm=audio 4000 RTP/AVP 0 8 101 96',
  'a=rtpmap:101 telephone-event/8000',
  'a=rtpmap:96 opus/48000/2',
]

describe('[TEL5] what is agreed upon', () => {
  test.each([
    [plain, 'opus', 96],
    [['m=audio 4000 RTP/AVP 0 9 8'], 'G722', 9],
    [['m=audio 4000 RTP/AVP 0 8'], 'PCMA', 8],
    [['m=audio 4000 RTP/AVP 0'], 'PCMU', 0],
  ])('%j: %s', (media, codec, payloadType) => {
    const offer = read(media)
    expect(offer && agree(offer, 'optional')).toMatchObject({ codec, payloadType })
  })

  test.each([
    ['no codec of ours', ['m=audio 4000 RTP/AVP 18']],
    ['no sound', ['m=video 4000 RTP/AVP 31']],
    ['a stream that is shut', ['m=audio 0 RTP/AVP 0']],
    ['another profile', ['m=audio 4000 UDP/TLS/RTP/SAVPF 0']],
  ])('%s: nothing', (_, media) => {
    const offer = read(media)
    expect(offer && agree(offer, 'optional')).toBeNull()
  })

  test('every other stream is refused in its place', () => {
    const offer = read(['m=video 5000 RTP/AVP 31', ...plain, 'm=image 7000 udptl t38'])
    const agreed = offer && agree(offer, 'off')
    if (!offer || !agreed) throw new Error('nothing agreed')
    const options = {
      offer,
      agreed,
      address: '198.51.100.1',
      port: 20_000,
      ours: null,
      session: 1,
      version: 1,
    }
    const answer = Buffer.from(writeAnswer(options)).toString()
    const media = answer.split('\r\n').filter((line) => line.startsWith('m='))
    expect(media).toEqual(['m=video 0 RTP/AVP 31', 'm=audio 20000 RTP/AVP 96 101', 'm=image 0 udptl t38'])
    expect(answer).toContain('cbr=1')
  })

  test('a caller on hold is answered accordingly', () => {
    expect(read([...plain, 'a=sendonly'])).toMatchObject({ sends: true, receives: false })
    expect(read([...plain, 'a=inactive'])).toMatchObject({ sends: false, receives: false })
  })
})

describe('[TEL5] SRTP', () => {
  const crypto = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}`
  const secure = ['m=audio 4000 RTP/SAVP 0', 'a=crypto:2 AES_256_CM_HMAC_SHA1_80 inline:AAAA', crypto]

  test.each([
    ['optional', secure, true],
    ['required', secure, true],
    ['required', ['m=audio 4000 RTP/AVP 0'], null],
    ['off', ['m=audio 4000 RTP/AVP 0'], false],
    ['off', secure, null],
    ['optional', ['m=audio 4000 RTP/SAVP 0', 'a=crypto:1 NULL inline:AAAA'], null],
  ] as const)('%s, %j', (policy, media, expected) => {
    const offer = read([...media])
    const agreed = offer && agree(offer, policy)
    expect(agreed === null ? null : agreed.srtp !== null).toBe(expected)
  })
})

test('[TEL7] offers with bytes changed never throw, and what is read can be answered', () => {
  const bytes = Buffer.from(offerText(plain))
  const change = fc.record({ at: fc.nat(bytes.length - 1), byte: fc.nat(255) })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
      const mangled = Uint8Array.from(bytes)
      for (const { at, byte } of changes) mangled[at] = byte
      const offer = readOffer(mangled)
      const agreed = offer && agree(offer, 'optional')
      if (offer && agreed) {
        const options = {
          offer,
          agreed,
          address: '198.51.100.1',
          port: 2,
          ours: null,
          session: 1,
          version: 1,
        }
        expect(writeAnswer(options).length).toBeGreaterThan(50)
      }
    }),
    { numRuns: 3000 },
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (any) => void readOffer(any)))
})
