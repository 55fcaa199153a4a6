// [WEB1] What members write is shown as text, styles come from files, and every word is in a catalogue.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('.', import.meta.url))
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/u.test(path) && !path.includes('.test.'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

test('[WEB1] no screen makes markup from a string', () => {
  expect(sources.length).toBeGreaterThan(40)
  for (const { path, text } of sources) {
    expect(text, path).not.toMatch(
      /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write|<style/u,
    )
  }
})

test('every word on screen is in a catalogue', () => {
  // Text between tags; generics and comparisons have no letters directly between > and </.
  const words = sources
    .filter(({ path }) => path.endsWith('.tsx'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/>\s*([\p{L}][\p{L} ’,.!?-]+)\s*<\//gu)].map((match) => `${path}: ${match[1]}`),
    )
  expect(words).toEqual(['parts/Mark.tsx: Huis clos'])
})
