import { encodeBase64url, random } from '@huisclos/crypto/bytes'
import {
  encodePublicKeyFile,
  formatFingerprint,
  newRecordingKey,
  recordingFingerprint,
} from '@huisclos/crypto/seal'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBackup, encodeBackup } from './backup-text.ts'
import { readBackup, requireFingerprint } from './check-backup.ts'
import { openKeyFile, readKeyFile, readPublicHalf, sealKeyFile } from './key-file.ts'
import { renderPaper } from './paper.ts'
import { joinBackups, splitKey, wholeKey } from './shares.ts'

const key = await newRecordingKey()
const fingerprint = recordingFingerprint(key.publicKey)
const quick = { memoryKiB: 19 * 1024, iterations: 2, parallelism: 1 }
const passphrase = 'été à Saint-Malo'
const text = await sealKeyFile(key, 'Étude Ménard', passphrase, quick)
const codeOf = (run: () => unknown) => {
  try {
    return run() && 'fine'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a key file', () => {
  test('[REC6] opens with its passphrase, composed or decomposed', async () => {
    expect(await openKeyFile(readKeyFile(text), passphrase)).toEqual(key)
    expect(await openKeyFile(readKeyFile(text), passphrase.normalize('NFD'))).toEqual(key)
  })

  test('[REC6] opens with no other passphrase and after no change', async () => {
    const file = readKeyFile(text)
    await expect(openKeyFile(file, `${passphrase} `)).rejects.toThrow('passphrase-wrong')
    const other = await newRecordingKey()
    for (const change of [
      { owner: 'Mallory' },
      { publicKey: encodeBase64url(other.publicKey) },
      { sealed: encodeBase64url(random(48)) },
      { kdf: { ...file.kdf, iterations: 3 } },
    ])
      await expect(openKeyFile({ ...file, ...change }, passphrase)).rejects.toThrow('passphrase-wrong')
  })

  test('[REC6] is made with 128 MiB and three passes, and says so', async () => {
    const { kdf } = readKeyFile(await sealKeyFile(key, '', passphrase))
    expect(kdf).toMatchObject({ name: 'argon2id', memoryKiB: 131_072, iterations: 3 })
  })

  test('[REC6] holds neither seed nor passphrase', () => {
    expect(text).not.toContain(encodeBase64url(key.seed))
    expect(text).not.toContain('Malo')
  })

  test('[REC6] with weak parameters, or ones that would take the machine down, is refused', () => {
    const file = readKeyFile(text)
    for (const kdf of [{ memoryKiB: 1024 }, { memoryKiB: 2 ** 24 }, { iterations: 1000 }]) {
      const altered = JSON.stringify({ ...file, kdf: { ...file.kdf, ...kdf } })
      expect(codeOf(() => readKeyFile(altered))).toBe('key-file-damaged')
    }
    expect(codeOf(() => readKeyFile(JSON.stringify({ ...file, version: 2 })))).toBe('key-version-unknown')
    expect(codeOf(() => readKeyFile('x'.repeat(20_000)))).toBe('key-file-damaged')
  })

  test('[REC6] is not made with a short passphrase', async () => {
    await expect(sealKeyFile(key, '', 'short', quick)).rejects.toThrow('passphrase-weak')
  })

  test('[REC6] shows its public half to whoever starts recordings', () => {
    const half = { publicKey: key.publicKey, owner: 'Étude Ménard' }
    expect(readPublicHalf(text)).toEqual(half)
    expect(readPublicHalf(encodePublicKeyFile(half))).toEqual(half)
  })
})

describe('shares', () => {
  test('[REC6] any three of five give the key back, fewer do not', async () => {
    const shares = await splitKey(key, 3, 5)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(shares, { minLength: 3 }), async (some) => {
        expect(await joinBackups(some)).toEqual(key)
      }),
      { numRuns: 20 },
    )
    await expect(joinBackups(shares.slice(0, 2))).rejects.toMatchObject({
      code: 'shares-too-few',
      about: '3',
    })
    const [one, two] = shares as [(typeof shares)[0], (typeof shares)[0]]
    await expect(joinBackups([one, two, one])).rejects.toThrow('shares-too-few')
    const pretending = [one, two].map((share) => ({ ...share, needed: 2 }))
    await expect(joinBackups(pretending)).rejects.toThrow('key-mismatch')
  })

  test('[REC6] of two keys or an altered one are found out', async () => {
    const shares = await splitKey(key, 2, 3)
    const foreign = await splitKey(await newRecordingKey(), 2, 3)
    await expect(joinBackups([...shares.slice(0, 1), ...foreign.slice(0, 1)])).rejects.toThrow('shares-mixed')
    const [one, two] = shares as [(typeof shares)[0], (typeof shares)[0]]
    const secret = two.secret.slice()
    secret[3] = (secret[3] as number) ^ 1
    await expect(joinBackups([one, { ...two, secret }])).rejects.toThrow('key-mismatch')
    await expect(splitKey(key, 1, 3)).rejects.toThrow('shares-invalid')
    await expect(splitKey(key, 4, 3)).rejects.toThrow('shares-invalid')
  })
})

describe('a printed backup', () => {
  test('[REC6] comes back however it is typed', async () => {
    for (const backup of [wholeKey(key), ...(await splitKey(key, 2, 2))]) {
      const printed = encodeBackup(backup)
      expect(decodeBackup(printed)).toEqual(backup)
      expect(decodeBackup(printed.toLowerCase().replace(/\s+/g, '-'))).toEqual(backup)
      expect(decodeBackup(printed.replaceAll('O', '0').replaceAll('I', '1').replaceAll('B', '8'))).toEqual(
        backup,
      )
    }
    expect(await joinBackups([decodeBackup(encodeBackup(wholeKey(key)))])).toEqual(key)
  })

  test('[REC6] one wrong letter is found, and in which row', () => {
    const printed = encodeBackup(wholeKey(key))
    const letters = [...printed].flatMap((letter, at) => (/[A-Z2-7]/.test(letter) ? [at] : []))
    fc.assert(
      fc.property(
        fc.constantFrom(...letters),
        fc.constantFrom(...'ACDEFGHJKLMNPQRSTUVWXYZ234567'),
        (at, to) => {
          fc.pre(printed[at] !== to)
          const typed = printed.slice(0, at) + to + printed.slice(at + 1)
          expect(() => decodeBackup(typed)).toThrow('share-damaged')
        },
      ),
    )
    const rows = printed.split('\n')
    const swapped = [rows[1], rows[0], ...rows.slice(2)].join('\n')
    expect(() => decodeBackup(swapped)).toThrow(expect.objectContaining({ about: '1' }))
  })

  test('[REC6] any text is answered', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (any) => {
        expect(() => decodeBackup(any)).toThrow()
      }),
    )
  })

  test('[REC6] the page holds it, says what its loss means, and loads nothing', () => {
    const page = renderPaper(wholeKey(key), '<b>Ménard</b>', 'fr')
    expect(page).toContain('Clé perdue, enregistrements perdus')
    expect(page).toContain('&lt;b&gt;')
    expect(page).toContain('<svg')
    expect(page).not.toMatch(/<script|(?:src|href)=/)
    expect(renderPaper(wholeKey(key), '', 'en')).toContain('If the key is lost, the recordings are lost')
    const read = readBackup(page)
    expect(formatFingerprint(read.fingerprint)).toBe(formatFingerprint(fingerprint))
  })
})

test('[REC6] a backup is checked against a fingerprint without opening anything', async () => {
  for (const backup of [text, encodeBackup(wholeKey(key))]) {
    const read = readBackup(backup)
    expect(() => requireFingerprint(read, fingerprint)).not.toThrow()
    expect(() => requireFingerprint(read, random(16))).toThrow('key-mismatch')
  }
})
