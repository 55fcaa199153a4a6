import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UploadLedger } from './upload-ledger.ts'

let directory: string
let path: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'hc-ledger-'))
  path = join(directory, 'ledger')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const entries = fc.record({
  sizeBytes: fc.nat(),
  upload: fc.option(fc.string({ maxLength: 40 })),
  etags: fc.array(fc.string({ maxLength: 40 }), { maxLength: 5 }),
})

test('[REC24] what is written down is read again as it was, and only of a file of that size', async () => {
  const given = fc.dictionary(fc.stringMatching(/^\d{6}\.hcs$/), entries, { maxKeys: 4 })
  await fc.assert(
    fc.asyncProperty(given, async (files) => {
      const ledger = await UploadLedger.open(path)
      for (const [name, entry] of Object.entries(files)) await ledger.set(name, entry)
      const again = await UploadLedger.open(path)
      for (const [name, entry] of Object.entries(files)) {
        expect(again.of(name, entry.sizeBytes)).toEqual(entry)
        expect(again.of(name, entry.sizeBytes + 1)).toBeNull()
      }
      await again.remove()
      expect(readdirSync(directory)).toEqual([])
    }),
    { numRuns: 40 },
  )
})

test('[REC24] a ledger that is damaged, or another thing, is an empty one', async () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((files) => `{"version":1,"files":${files}}`),
  )
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      writeFileSync(path, text)
      expect((await UploadLedger.open(path)).begun).toEqual([])
    }),
    { numRuns: 100 },
  )
})
