// Owns adding up what the runs report. A run that ended badly is never counted as one without failures: a file that
// does not load, an error outside all tests and a report that is missing count as failed.

/**
 * @typedef {{ passed: number, failed: number, skipped: number, names: string[] }} Counts `names`: what failed
 * @typedef {{ status: string, fullName: string, duration?: number | null }} Assertion
 * @typedef {{ name: string, status: string, assertionResults: Assertion[] }} FileResult
 * @typedef {{ testResults: FileResult[] }} VitestReport as its JSON reporter writes it
 */

/**
 * @param {VitestReport | undefined} report undefined where the run left none
 * @param {number} status the run's exit status
 * @param {boolean} mayBeEmpty whether it is right that no test was found (file filters)
 * @returns {Counts}
 */
export function countVitest(report, status, mayBeEmpty) {
  if (!report) return { passed: 0, failed: 1, skipped: 0, names: ['the run ended without a report'] }
  const counts = { passed: 0, failed: 0, skipped: 0, names: /** @type {string[]} */ ([]) }
  for (const file of report.testResults) {
    let failedHere = 0
    for (const { status: state, fullName } of file.assertionResults) {
      if (state === 'passed') counts.passed += 1
      else if (state === 'failed') {
        failedHere += 1
        counts.names.push(`${file.name}: ${fullName}`)
      } else counts.skipped += 1
    }
    if (file.status === 'failed' && failedHere === 0) {
      failedHere = 1
      counts.names.push(`${file.name}: did not load, or failed outside its tests`)
    }
    counts.failed += failedHere
  }
  if (status !== 0 && counts.failed === 0) {
    counts.failed = 1
    counts.names.push(`the run ended with status ${status}`)
  }
  if (counts.passed + counts.failed === 0 && !mayBeEmpty) {
    counts.failed = 1
    counts.names.push('no test was carried out')
  }
  return counts
}

/**
 * @param {unknown} report as tools/checks/main.ts writes it
 * @param {number} status
 * @returns {Counts}
 */
export function countChecks(report, status) {
  if (typeof report !== 'object' || report === null || !('passed' in report) || !('failed' in report)) {
    return { passed: 0, failed: 1, skipped: 0, names: ['verify ended without a report'] }
  }
  const failed = Math.max(Number(report.failed), status === 0 ? 0 : 1)
  return { passed: Number(report.passed), failed, skipped: 0, names: failed > 0 ? ['verify'] : [] }
}

/** @param {Counts[]} all @returns {Counts} */
export function addCounts(all) {
  const total = { passed: 0, failed: 0, skipped: 0, names: /** @type {string[]} */ ([]) }
  for (const counts of all) {
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
    total.names.push(...counts.names)
  }
  return total
}
