// `npm test`: everything that a fresh clone lacks, browsers included, then the browser tests, which wait half of their
// time as people do, and behind them the checks and the unit and integration tests, which take the processor time that
// is left. The last line is the sum: `N passed, N failed`.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
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

/** @param {Run} run @param {string[]} filters @param {string[]} options @param {string} [behind] */
async function runVitest(run, filters, options, behind) {
  const report = join(reports, `${run}.json`)
  rmSync(report, { force: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const mayBeEmpty = filters.length + options.length > 0
  const empty = mayBeEmpty ? ['--passWithNoTests'] : []
  const env = { ...process.env, HUISCLOS_LONG: run === 'long' ? '1' : '0' }
  const args = [vitest, 'run', '--project', run, ...reporters, ...empty, ...options, ...filters]
  const status = await runForeground(process.execPath, args, { env, behind })
  const result = /** @type {import('./testing/counts.mjs').VitestReport | undefined} */ (readStamp(report))
  if (run === 'long' && result) storeLongResult(root, result)
  return countVitest(result, status, mayBeEmpty)
}

/** @param {string} [behind] */
async function runChecks(behind) {
  const report = join(reports, 'verify.json')
  rmSync(report, { force: true })
  const status = await runEntry('tools/checks/main.ts', ['--report', report], behind)
  return countChecks(readStamp(report), status)
}

/**
 * One run after another. What runs behind is shown as a whole when it has ended.
 * @param {Run[]} runs @param {string[]} filters @param {string[]} options @param {boolean} isBehind
 */
async function runInTurn(runs, filters, options, isBehind) {
  const all = []
  for (const run of runs) {
    const begun = performance.now()
    const behind = isBehind ? join(reports, `${run}.log`) : undefined
    console.log(`\n— ${run}${behind ? ', behind the browser tests; its output follows' : ''}`)
    const counts = run === 'verify' ? await runChecks(behind) : await runVitest(run, filters, options, behind)
    if (behind) process.stdout.write(readFileSync(behind))
    all.push(counts)
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
    say(
      `— ${run}: ${counts.passed} passed, ${counts.failed} failed${skipped} (${formatDuration(performance.now() - begun)})`,
    )
  }
  return all
}

async function runTests() {
  const { runs, filters, options } = readArguments()
  mkdirSync(reports, { recursive: true })
  const others = runs.filter((run) => run !== 'e2e')
  const hasBoth = runs.includes('e2e') && others.length > 0
  const lanes = hasBoth ? [['e2e'], others] : [runs]
  const all = await Promise.all(
    lanes.map((lane, i) => runInTurn(/** @type {Run[]} */ (lane), filters, options, i > 0)),
  )
  const total = addCounts(all.flat())
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
  return driven
    ? ['dependencies', 'worker', 'web', 'browsers', 'telephones']
    : ['dependencies', 'worker', 'telephones']
}, runTests)
