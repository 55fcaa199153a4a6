// `npm run verify`: runs all checks at once, prints a line for each with its time, and ends with status 1 where one
// found something. `--only types,style` picks some; `--report FILE` writes the counts for `npm test`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { checkBoundaries } from './boundaries.ts'
import { checkBudgets } from './budgets.ts'
import type { Check, Findings } from './check.ts'
import { formatProblem } from './check.ts'
import { checkErrorCodes, checkLinks } from './documents.ts'
import { checkHygiene, checkLockFile } from './hygiene.ts'
import { checkDeadCode, checkStyle, checkTypes } from './programs.ts'
import type { ProjectFile } from './project-files.ts'
import { isCode, isTest, projectFiles } from './project-files.ts'
import { checkRules, definedRules } from './rules.ts'
import { checkTroubles } from './troubles.ts'

const base = resolve(import.meta.dirname, '..', '..')
const shownProblems = 60
const binary = /\.(png|jpe?g|ico|woff2?|wasm|webm|mp4|ivf|opus|gz|br)$/

function under(dir: string, files: readonly ProjectFile[]): ProjectFile[] {
  return files.filter(({ path }) => path.startsWith(dir))
}

async function errorCodes(): Promise<Findings> {
  const { ERROR_CODES } = await import('../../packages/protocol/src/error-code.ts')
  return checkErrorCodes(ERROR_CODES, readFileSync(join(base, 'docs/errors.md'), 'utf8'))
}

function ownChecks(): Check[] {
  const text = projectFiles(base, (path) => !binary.test(path) && path !== 'package-lock.json')
  const code = text.filter(({ path }) => isCode(path))
  const pages = text.filter(({ path }) => path.endsWith('.md'))
  const tests = code.filter(({ path }) => isTest(path))
  const troubles = pages.find(({ path }) => path === 'docs/troubles.md') ?? {
    path: 'docs/troubles.md',
    text: '',
  }
  const exists = (path: string) => existsSync(join(base, path))
  const lock = () => checkLockFile(readFileSync(join(base, 'package-lock.json'), 'utf8'))
  return [
    { name: 'boundaries', run: async () => checkBoundaries(code) },
    { name: 'budgets', run: async () => checkBudgets(code) },
    { name: 'rules', run: async () => checkRules(under('spec/', pages), tests) },
    {
      name: 'troubles',
      run: async () =>
        checkTroubles(troubles, new Set(definedRules(under('spec/', pages)).map(({ rule }) => rule)), tests),
    },
    { name: 'links', run: async () => checkLinks(pages, exists) },
    { name: 'errors', run: errorCodes },
    { name: 'hygiene', run: async () => checkHygiene(text) },
    { name: 'lock', run: async () => lock() },
  ]
}

const programs: Check[] = [
  { name: 'types', run: () => checkTypes(base) },
  { name: 'style', run: () => checkStyle(base) },
  { name: 'dead-code', run: () => checkDeadCode(base) },
]

function show(name: string, seconds: string, { problems, notes, output }: Findings) {
  const mark = problems.length === 0 ? '✓' : '✗'
  console.log(`${mark} ${name.padEnd(11)} ${seconds.padStart(6)} s  ${(notes ?? []).join('; ')}`.trimEnd())
  if (problems.length === 0) return
  if (output) console.log(output.replace(/^/gm, '    '))
  for (const problem of problems.slice(0, shownProblems)) console.log(`    ${formatProblem(problem)}`)
  if (problems.length > shownProblems) console.log(`    and ${problems.length - shownProblems} more`)
}

async function runCheck(check: Check): Promise<boolean> {
  const started = performance.now()
  let findings: Findings
  try {
    findings = await check.run()
  } catch (error) {
    // A check that cannot run has proven nothing.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    findings = { problems: [{ file: '.', message }] }
  }
  show(check.name, ((performance.now() - started) / 1000).toFixed(1), findings)
  return findings.problems.length === 0
}

const { values } = parseArgs({ options: { only: { type: 'string' }, report: { type: 'string' } } })
const only = values.only?.split(',')
const all = [...programs, ...ownChecks()]
const unknown = only?.filter((name) => !all.some((check) => check.name === name)) ?? []
if (unknown.length > 0) {
  console.error(
    `No check is called ${unknown.join(', ')}. There are: ${all.map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}
const results = await Promise.all(all.filter(({ name }) => only?.includes(name) ?? true).map(runCheck))
const failed = results.filter((passed) => !passed).length
if (values.report) writeFileSync(values.report, JSON.stringify({ passed: results.length - failed, failed }))
process.exitCode = failed === 0 ? 0 : 1
