/** Every screen in every look. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeAlbum } from './support/album.ts'

test('all screens: accessible, whole in French at 360 px and in words 40 % longer', async () => {
  expect(await takeAlbum(mkdtempSync(join(tmpdir(), 'huisclos-album-')), [])).toEqual([])
})
