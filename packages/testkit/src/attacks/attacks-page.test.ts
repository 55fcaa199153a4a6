/** docs/attacks.md has every attack that is tested here, and no other. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const here = new URL('./', import.meta.url)
const page = readFileSync(new URL('../../../../docs/attacks.md', import.meta.url), 'utf8')

interface Titled {
  file: string
  title: string
}

/** Titles of tests, and of attacks in tables of tests, as they stand in the sources. */
function titles(): Titled[] {
  const files = readdirSync(here).filter(
    (name) => name.endsWith('.test.ts') && name !== 'attacks-page.test.ts',
  )
  return files.flatMap((file) => {
    const text = readFileSync(new URL(file, here), 'utf8')
    const found = text.matchAll(/(?:test\(\s*|attack: )(['"`])(\[.*?)\1/g)
    return [...found].map(([, , title = '']) => ({ file, title }))
  })
}

/** Rows of the first table: rules, attack, file. */
const rows = [...page.matchAll(/^\| ((?:\[[A-Z0-9]+\])+) \| (.+?) \| `(.+?)` \|/gm)].map(
  ([, rules = '', attack = '', file = '']): Titled => ({ file, title: `${rules} ${attack}` }),
)

const isAttack = ({ file, title }: Titled): boolean =>
  file !== 'world.test.ts' && !title.includes('control:') && !title.includes('${')

test('docs/attacks.md lists each attack of this folder, by its title', () => {
  const byName = (a: Titled, b: Titled) => (`${a.file}${a.title}` < `${b.file}${b.title}` ? -1 : 1)
  expect(rows.toSorted(byName)).toEqual(titles().filter(isAttack).toSorted(byName))
  expect(rows.length).toBeGreaterThan(50)
})

test('each attack names what it ends in', () => {
  for (const { title } of rows) expect(title).toMatch(/: |\bends\b|tells nobody|and has sent no name/)
})

test('what it says of tests elsewhere is true: each title stands in its file', () => {
  const elsewhere = [...page.matchAll(/^\| (?:† .+? \| |‡ )(.+?) \| `((?:packages|e2e)\/.+?)` \|/gm)]
  expect(elsewhere.length).toBeGreaterThan(20)
  for (const [, title = '', file = ''] of elsewhere) {
    expect(readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8')).toContain(title)
  }
})
