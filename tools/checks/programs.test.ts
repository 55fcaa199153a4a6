import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkDeadCode, checkStyle, checkTypes } from './programs.ts'

const made: string[] = []

/** A small project in a folder of its own, with this project's installed programs. */
function project(files: Record<string, string>): string {
  const base = mkdtempSync(join(tmpdir(), 'huisclos-checks-'))
  made.push(base)
  symlinkSync(resolve(import.meta.dirname, '../../node_modules'), join(base, 'node_modules'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  return base
}

afterEach(() => {
  for (const base of made.splice(0)) rmSync(base, { recursive: true, force: true })
})

const solution = {
  'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.a.json" }] }',
  'tsconfig.a.json':
    '{ "compilerOptions": { "strict": true, "noEmit": true, "types": [] }, "include": ["src"] }',
}

test('a type error fails, and says where', async () => {
  const { problems, output } = await checkTypes(
    project({ ...solution, 'src/a.ts': "export const a: number = 'x'\n" }),
  )
  expect(problems).toHaveLength(1)
  expect(output).toMatch(/src\/a\.ts\(1,14\): error TS2322/)
})

test('a project without files fails: it would check nothing', async () => {
  expect((await checkTypes(project(solution))).problems).toHaveLength(1)
})

test('right types pass', async () => {
  expect(
    (await checkTypes(project({ ...solution, 'src/a.ts': 'export const a: number = 1\n' }))).problems,
  ).toEqual([])
})

const biome = '{ "linter": { "rules": { "suspicious": { "noExplicitAny": "error" } } } }'

test('any fails, and so does a file that is not formatted', async () => {
  const bad = await checkStyle(project({ 'biome.json': biome, 'a.ts': 'export const a: any = 1;\n' }))
  expect(bad.output).toContain('noExplicitAny')
  const untidy = await checkStyle(project({ 'biome.json': biome, 'a.ts': 'export   const a = 1\n' }))
  expect(untidy.output).toContain('format')
  expect([bad, untidy].map(({ problems }) => problems.length)).toEqual([1, 1])
})

test('a file that nobody loads and a dependency that nobody uses fail', async () => {
  const manifest = '{ "name": "p", "version": "1.0.0", "main": "a.js", "dependencies": { "zod": "*" } }'
  const { problems, output } = await checkDeadCode(
    project({ 'package.json': manifest, 'a.js': '', 'dead.js': '' }),
  )
  expect(problems).toHaveLength(1)
  expect(output).toMatch(/dead\.js/)
  expect(output).toMatch(/zod/)
})
