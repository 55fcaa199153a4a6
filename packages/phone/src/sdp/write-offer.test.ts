import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agree, writeAnswer } from './negotiate.ts'
import { readOffer } from './read-offer.ts'
import { readAnswer, writeOffer } from './write-offer.ts'

const ours = new Uint8Array(30).fill(9)
const about = { address: '198.51.100.1', port: 20_000, session: 1, version: 1 }
const sdp = (media: string[]) =>
  Buffer.from(
    ['v=0', 'o=- 1 1 IN IP4 192.0.2.7', 's=-', 'c=IN IP4 192.0.2.7', 't=0 0', ...media, ''].join('\r\n'),
  )

function answered(media: string[], policy: 'off' | 'optional' | 'required') {
  const answer = readOffer(sdp(media))
  return answer && readAnswer(answer, policy)
}

const key = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${Buffer.from(new Uint8Array(30).fill(5)).toString('base64')}`

describe('[TEL5] an offer of our own, for an INVITE without one', () => {
  test('our own answering side takes it as it is, plain and with SRTP', () => {
    for (const secret of [null, ours]) {
      const offer = readOffer(writeOffer({ ...about, ours: secret }))
      const agreed = offer && agree(offer, secret ? 'required' : 'optional')
      if (!offer || !agreed) throw new Error('not to be read')
      expect(agreed).toMatchObject({ codec: 'opus', payloadType: 96, eventType: 101 })
      expect(agreed.srtp?.theirs ?? null).toEqual(secret)
      const answer = readOffer(writeAnswer({ ...about, offer, agreed, ours: secret }))
      expect(answer && readAnswer(answer, secret ? 'required' : 'optional')).toMatchObject({ codec: 'opus' })
    }
  })

  test.each([
    ['one codec', ['m=audio 4000 RTP/AVP 8'], { codec: 'PCMA', payloadType: 8, eventType: null }],
    [
      'one codec and keys',
      ['m=audio 4000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000'],
      { codec: 'PCMU', eventType: 101 },
    ],
  ])('%s', (_, media, agreed) => {
    expect(answered(media, 'optional')).toMatchObject(agreed)
  })

  test.each([
    ['a number that we gave to nothing', ['m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 opus/48000/2'], 'off'],
    ['our number under another name', ['m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 PCMU/8000'], 'off'],
    ['no sound', ['m=audio 0 RTP/AVP 0'], 'off'],
    ['nothing but keys', ['m=audio 4000 RTP/AVP 101', 'a=rtpmap:101 telephone-event/8000'], 'off'],
    ['plain RTP where SRTP was offered', ['m=audio 4000 RTP/AVP 0', key], 'required'],
    ['SRTP without a key', ['m=audio 4000 RTP/SAVP 0'], 'required'],
    ['a key of another tag', ['m=audio 4000 RTP/SAVP 0', key.replace('crypto:1', 'crypto:2')], 'required'],
    ['SRTP where none was offered', ['m=audio 4000 RTP/SAVP 0', key], 'optional'],
  ] as const)('no answer to it: %s', (_, media, policy) => {
    expect(answered([...media], policy)).toBeNull()
  })

  test('control: SRTP where it was offered', () => {
    expect(answered(['m=audio 4000 RTP/SAVP 0', key], 'required')?.srtp?.tag).toBe('1')
  })

  test('whatever comes as an answer, it is one codec of ours or none', () => {
    const line = fc.constantFrom(
      'a=rtpmap:96 opus/48000',
      'a=rtpmap:0 G722/8000',
      'a=rtpmap:9 opus/48000',
      key,
    )
    const types = fc.array(fc.nat(127), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(types, fc.array(line, { maxLength: 4 }), (numbers, lines) => {
        const agreed = answered([`m=audio 4000 RTP/AVP ${numbers.join(' ')}`, ...lines], 'off')
        if (agreed) expect({ opus: 96, G722: 9, PCMA: 8, PCMU: 0 }[agreed.codec]).toBe(agreed.payloadType)
      }),
    )
  })
})
