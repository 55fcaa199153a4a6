// Owns docs/test-long.json and docs/test-long.md: the last result of each of the runs of many minutes, which nobody
// repeats at each change, with the commit and the machine they ran on. One of them run alone leaves the others' results.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join, relative } from 'node:path'

/** @typedef {import('./counts.mjs').VitestReport} VitestReport */
/** @typedef {{ commit: string, machine: string, date: string }} About when, where and of what a run was */
/** @typedef {{ file: string, title: string, status: string, seconds: number } & About} LongTest */

/** @param {string} base */
function commitOf(base) {
  const { stdout } = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], {
    cwd: base,
    encoding: 'utf8',
  })
  return stdout?.trim() || 'unknown'
}

function machine() {
  const all = cpus()
  const gib = Math.round(totalmem() / 2 ** 30)
  return `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}, ${gib} GiB, ${type()} ${release()}, Node ${process.version}`
}

/**
 * What a run adds to the results of before: its files replace theirs; a test that it left out keeps its last result.
 * @param {string} base the project's folder
 * @param {VitestReport} report
 * @param {About} about
 * @param {LongTest[]} before
 */
export function longResults(base, report, about, before = []) {
  const ran = report.testResults.flatMap((file) =>
    file.assertionResults.map((one) => ({
      file: relative(base, file.name),
      title: one.fullName,
      status: one.status,
      seconds: Math.round((one.duration ?? 0) / 100) / 10,
      ...about,
    })),
  )
  const files = new Set(ran.map(({ file }) => file))
  const others = before.filter(({ file }) => !files.has(file))
  const now = ran.map((test) => {
    const last = before.find(({ file, title }) => file === test.file && title === test.title)
    const isLeftOut = test.status !== 'passed' && test.status !== 'failed'
    return isLeftOut && last ? last : test
  })
  return [...others, ...now].sort((a, b) => (a.file + a.title < b.file + b.title ? -1 : 1))
}

/** @param {LongTest[]} tests */
export function longPage(tests) {
  const rows = tests.map(
    ({ title, file, status, seconds, date, commit }) =>
      `| ${title}<br>\`${file}\` | ${status} | ${seconds} | ${date}, ${commit} |`,
  )
  const passed = tests.filter(({ status }) => status === 'passed').length
  return [
    '# The last long runs',
    'Written by `npm run test:long`, or by one of them alone: `npm run test:long -- e2e/quality`. The same as data: [test-long.json](test-long.json).',
    '',
    `${passed} of ${tests.length} passed, on ${[...new Set(tests.map((test) => test.machine))].join('; ')}.`,
    '',
    '| test | result | seconds | when, and of which commit |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

/** @param {string} file @returns {LongTest[]} */
function readResults(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}

/**
 * @param {string} base
 * @param {VitestReport} report
 */
export function storeLongResult(base, report) {
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ')
  const about = { commit: commitOf(base), machine: machine(), date: `${date} UTC` }
  mkdirSync(join(base, 'docs'), { recursive: true })
  const data = join(base, 'docs', 'test-long.json')
  const before = readResults(data).filter(({ file }) => existsSync(join(base, file)))
  const tests = longResults(base, report, about, before)
  writeFileSync(data, `${JSON.stringify(tests, null, 2)}\n`)
  writeFileSync(join(base, 'docs', 'test-long.md'), longPage(tests))
}
