/**
 * The screens that everybody meets, looked at as a person with a screen reader, a narrow phone or long words would:
 * axe (WCAG 2.2 AA), nothing cut off, nothing wider than the page, a silent console. All screens: `npm run album`.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeAlbum } from './support/album.ts'

const EVERYDAY = ['home', 'prejoin', 'prejoin-refused', 'room-alone', 'room-5', 'room-code', 'access-refused']

test('everyday screens: accessible, whole in French at 360 px and in words 40 % longer', async () => {
  const out = mkdtempSync(join(tmpdir(), 'huisclos-album-'))
  expect(await takeAlbum(out, EVERYDAY)).toEqual([])
})
