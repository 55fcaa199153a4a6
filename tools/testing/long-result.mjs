// Owns docs/test-long.json and docs/test-long.md: the last result of the runs of many minutes, which nobody repeats at
// each change, with the machine they ran on.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join, relative } from 'node:path'

/** @typedef {import('./counts.mjs').VitestReport} VitestReport */

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
 * @param {string} base the project's folder
 * @param {VitestReport} report
 * @param {{ commit: string, machine: string, date: string, durationMs: number }} about
 */
export function longResult(base, report, about) {
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((one) => ({
      file: relative(base, file.name),
      title: one.fullName,
      status: one.status,
      seconds: Math.round((one.duration ?? 0) / 100) / 10,
    })),
  )
  const passed = tests.filter(({ status }) => status === 'passed').length
  const seconds = Math.round(about.durationMs / 1000)
  return {
    date: about.date,
    commit: about.commit,
    machine: about.machine,
    seconds,
    passed,
    failed: tests.length - passed,
    tests,
  }
}

/** @param {ReturnType<typeof longResult>} result */
export function longPage(result) {
  const rows = result.tests.map(({ title, status, seconds }) => `| ${title} | ${status} | ${seconds} |`)
  return [
    '# The last long run',
    'Written by `npm test -- --long`; the same as data: [test-long.json](test-long.json).',
    '',
    `- when: ${result.date}, commit ${result.commit}`,
    `- machine: ${result.machine}`,
    `- ${result.passed} passed, ${result.failed} failed, in ${result.seconds} s`,
    '',
    '| test | result | seconds |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

/**
 * @param {string} base
 * @param {VitestReport} report
 * @param {number} durationMs
 */
export function storeLongResult(base, report, durationMs) {
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ')
  const about = { commit: commitOf(base), machine: machine(), date: `${date} UTC`, durationMs }
  const result = longResult(base, report, about)
  mkdirSync(join(base, 'docs'), { recursive: true })
  writeFileSync(join(base, 'docs', 'test-long.json'), `${JSON.stringify(result, null, 2)}\n`)
  writeFileSync(join(base, 'docs', 'test-long.md'), longPage(result))
}
