/**
 * The screens that everybody meets, looked at as a person with a screen reader, a narrow phone or long words would:
 * axe (WCAG 2.2 AA), nothing cut off or out of reach, nothing wider than the page, a silent console. All screens: `npm run album`.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeAlbum } from './support/album.ts'
import { FEW_LOOKS } from './support/looks.ts'

const EVERYDAY = ['home', 'prejoin', 'prejoin-refused', 'room-alone', 'room-5', 'room-code', 'access-refused']

test('[EVE5] [EVE6] everyday screens: accessible, whole in French at 360 px and in words 40 % longer', async () => {
  const out = mkdtempSync(join(tmpdir(), 'huisclos-album-'))
  const looks = FEW_LOOKS.filter(({ name }) => !/^(forced|zoom)/.test(name))
  expect(await takeAlbum(out, EVERYDAY, looks)).toEqual([])
}, 300_000)

test('[EVE5] the room and the way in: whole at 400 %, and in the system’s colours', async () => {
  const out = mkdtempSync(join(tmpdir(), 'huisclos-album-'))
  const looks = FEW_LOOKS.filter(({ name }) => /^(forced|zoom)/.test(name))
  expect(await takeAlbum(out, ['prejoin', 'room-5'], looks)).toEqual([])
}, 300_000)
