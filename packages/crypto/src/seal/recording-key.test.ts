import { readFile } from 'node:fs/promises'
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import { describe, expect, test } from 'vitest'
import { decodeHex, encodeHex, random } from '../bytes.ts'
import { formatFingerprint } from '../link/bridge-card.ts'
import {
  importPublicKey,
  newRecordingKey,
  recordingFingerprint,
  recordingKeyFromSeed,
} from './recording-key.ts'

type Vector = { seed: string; eseed: string; ss: string }
const file = new URL('../../../../vectors/xwing/xwing-selection.json', import.meta.url)
const vectors = JSON.parse(await readFile(file, 'utf8')) as Vector[]
const hex = (text: string) => decodeHex(text) as Uint8Array<ArrayBuffer>

describe('the published vectors', () => {
  test.each(vectors)('of X-Wing: $ss', async ({ seed, eseed, ss }) => {
    const kem = new XWing()
    const { publicKey } = await recordingKeyFromSeed(hex(seed))
    const made = await kem.encap({
      recipientPublicKey: await importPublicKey(publicKey),
      ekm: hex(eseed).buffer,
    })
    expect(encodeHex(new Uint8Array(made.sharedSecret))).toBe(ss)
    const recipientKey = await kem.generateKeyPairDerand(hex(seed))
    const back = await kem.decap({ recipientKey, enc: made.enc })
    expect(encodeHex(new Uint8Array(back))).toBe(ss)
  })

  test('of HPKE: RFC 9180 A.1.1 opens in the library whose key schedule seals envelopes', async () => {
    const kem = new DhkemX25519HkdfSha256()
    const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes128Gcm() })
    const recipientKey = await kem.importKey(
      'raw',
      hex('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8').buffer,
      false,
    )
    const opened = await suite.open(
      {
        recipientKey,
        enc: hex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431').buffer,
        info: hex('4f6465206f6e2061204772656369616e2055726e').buffer,
      },
      hex('f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a')
        .buffer,
      hex('436f756e742d30').buffer,
    )
    expect(new TextDecoder().decode(opened)).toBe('Beauty is truth, truth beauty')
  })
})

describe('a recording key', () => {
  test('[REC6] comes back from its seed', async () => {
    const made = await newRecordingKey()
    expect(await recordingKeyFromSeed(made.seed)).toEqual(made)
    expect(made.publicKey.length).toBe(1216)
  })

  test('[REC1] has a fingerprint of eight groups that another key has not', async () => {
    const [one, two] = [await newRecordingKey(), await newRecordingKey()]
    const shown = formatFingerprint(recordingFingerprint(one.publicKey))
    expect(shown).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/)
    expect(shown).not.toBe(formatFingerprint(recordingFingerprint(two.publicKey)))
  })

  test('of another size is refused', async () => {
    await expect(recordingKeyFromSeed(random(31))).rejects.toThrow('bad-input')
    await expect(importPublicKey(random(32))).rejects.toThrow('bad-recording-key')
    expect(() => recordingFingerprint(random(1215))).toThrow('bad-recording-key')
  })
})
