/** Every screen in every look. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeAlbum } from './support/album.ts'

test('[EVE5][EVE6] all screens in every look: accessible, whole, within reach', async () => {
  expect(await takeAlbum(mkdtempSync(join(tmpdir(), 'huisclos-album-')), [])).toEqual([])
})
