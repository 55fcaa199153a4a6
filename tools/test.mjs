// `npm test`: everything that a fresh clone lacks, browsers included, then the checks, the unit and integration tests,
// and the browser tests, one after another. The last line is the sum: `N passed, N failed`.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap, runEntry } from './setup/bootstrap.mjs'
import { runForeground } from './setup/child.mjs'
import { projectCacheDir, root } from './setup/paths.mjs'
import { formatDuration, say } from './setup/progress.mjs'
import { readStamp } from './setup/stamp.mjs'
import { readTestArguments } from './testing/arguments.mjs'
import { addCounts, countChecks, countVitest } from './testing/counts.mjs'
import { storeLongResult } from './testing/long-result.mjs'

/** @typedef {import('./testing/arguments.mjs').Run} Run */

const started = performance.now()
const reports = join(projectCacheDir, 'test')

/** Whether a file filter names a browser test. @param {string[]} filters */
function reachBrowserTests(filters) {
  if (filters.length === 0) return true
  const files = existsSync('e2e') ? readdirSync('e2e', { recursive: true }) : []
  return files.some((file) =>
    filters.some((filter) => `e2e/${file}`.endsWith('.test.ts') && `e2e/${file}`.includes(filter)),
  )
}

function readArguments() {
  const { runs, filters, options } = readTestArguments(process.argv.slice(2))
  return { runs: runs.filter((run) => run !== 'e2e' || reachBrowserTests(filters)), filters, options }
}

/** @param {Run} run @param {string[]} filters @param {string[]} options */
async function runVitest(run, filters, options) {
  const report = join(reports, `${run}.json`)
  rmSync(report, { force: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const mayBeEmpty = filters.length + options.length > 0
  const empty = mayBeEmpty ? ['--passWithNoTests'] : []
  const env = { ...process.env, HUISCLOS_LONG: run === 'long' ? '1' : '0' }
  const begun = performance.now()
  const args = [vitest, 'run', '--project', run, ...reporters, ...empty, ...options, ...filters]
  const status = await runForeground(process.execPath, args, { env })
  const result = /** @type {import('./testing/counts.mjs').VitestReport | undefined} */ (readStamp(report))
  if (run === 'long' && result) storeLongResult(root, result, performance.now() - begun)
  return countVitest(result, status, mayBeEmpty)
}

async function runChecks() {
  const report = join(reports, 'verify.json')
  rmSync(report, { force: true })
  const status = await runEntry('tools/checks/main.ts', ['--report', report])
  return countChecks(readStamp(report), status)
}

async function runTests() {
  const { runs, filters, options } = readArguments()
  mkdirSync(reports, { recursive: true })
  const all = []
  for (const run of runs) {
    const begun = performance.now()
    console.log(`\n— ${run}`)
    const counts = run === 'verify' ? await runChecks() : await runVitest(run, filters, options)
    all.push(counts)
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
    say(
      `— ${run}: ${counts.passed} passed, ${counts.failed} failed${skipped} (${formatDuration(performance.now() - begun)})`,
    )
  }
  const total = addCounts(all)
  if (total.names.length > 0) console.log(`\nFailed:\n${total.names.map((name) => `  ${name}`).join('\n')}`)
  if (total.passed + total.failed === 0) console.log('\nNo test was carried out.')
  console.log(`\nAll of it took ${formatDuration(performance.now() - started)}.`)
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 && total.passed > 0 ? 0 : 1
}

await bootstrap(() => {
  const { runs } = readArguments()
  if (runs.every((run) => run === 'verify')) return ['dependencies']
  const driven = runs.includes('e2e') || runs.includes('long')
  return driven ? ['dependencies', 'worker', 'web', 'browsers'] : ['dependencies', 'worker']
}, runTests)
