// What a browser needs to install the page: the manifests in both languages, and icons that are what they say.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

interface WebManifest {
  lang: string
  icons: { src: string; sizes: string; type: string; purpose: string }[]
}

const file = (path: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../public${path}`, import.meta.url)))
const read = (path: string): WebManifest => JSON.parse(file(path).toString('utf8')) as WebManifest
const english = read('/manifest.webmanifest')
const french = read('/manifest.fr.webmanifest')

test('[EVE1] both manifests describe one app, each in its language', () => {
  expect([english.lang, french.lang]).toEqual(['en', 'fr'])
  const untranslated = (manifest: object) =>
    Object.entries(manifest).filter(([key]) => !['lang', 'description', 'shortcuts'].includes(key))
  expect(untranslated(french)).toEqual(untranslated(english))
  expect(Object.keys(french)).toEqual(Object.keys(english))
  expect(english).toMatchObject({ id: '/', start_url: '/', scope: '/', display: 'standalone' })
})

test('[EVE1] there is an icon of each size that browsers ask for, plain and maskable, and each is as large as it says', () => {
  const pictures = english.icons.filter(({ type }) => type === 'image/png')
  expect(pictures.map(({ sizes, purpose }) => `${purpose} ${sizes}`).sort()).toEqual([
    'any 192x192',
    'any 512x512',
    'maskable 192x192',
    'maskable 512x512',
  ])
  for (const { src, sizes } of pictures) {
    const picture = file(src)
    expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG')
    // Width and height are the first two numbers of a PNG's first chunk.
    expect(`${picture.readUInt32BE(16)}x${picture.readUInt32BE(20)}`, src).toBe(sizes)
  }
})
