/**
 * Draws the installed page's icons from the mark: `npm run icons`, to be run when the mark changes; the pictures
 * are kept beside the two SVG files they are made from. Needs Debian's Chromium.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const folder = fileURLToPath(new URL('../../packages/web/public', import.meta.url))
const ICONS = [
  { from: 'icon.svg', name: 'icon-192.png', size: 192 },
  { from: 'icon.svg', name: 'icon-512.png', size: 512 },
  { from: 'icon-maskable.svg', name: 'icon-maskable-192.png', size: 192 },
  { from: 'icon-maskable.svg', name: 'icon-maskable-512.png', size: 512 },
]

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const { from, name, size } of ICONS) {
  const drawing = await readFile(`${folder}/${from}`, 'utf8')
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw}</style>${drawing}`)
  await page.screenshot({ path: `${folder}/${name}`, omitBackground: true })
  await page.close()
}
await browser.close()
