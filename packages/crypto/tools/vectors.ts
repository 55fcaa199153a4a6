/**
 * `npm run vectors -- FILE`: runs a file of published SFrame vectors and ends with `N passed, N failed`. Exit
 * status 1 when a vector failed, when none ran, or when the file cannot be used.
 */
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { runVectors } from './run-vectors.ts'

async function main(path: string | undefined): Promise<boolean> {
  if (path === undefined) {
    console.error('Usage: npm run vectors -- FILE')
    return false
  }
  const report = await runVectors(await readFile(path, 'utf8'))
  for (const failure of report.failures) console.error(`FAILED ${failure}`)
  if (report.skipped > 0) console.log(`${report.skipped} skipped (cipher suites that are not implemented)`)
  console.log(`${report.passed} passed, ${report.failures.length} failed`)
  return report.failures.length === 0 && report.passed > 0
}

try {
  if (!(await main(process.argv[2]))) process.exitCode = 1
} catch (error) {
  console.error(`Cannot run these vectors: ${error instanceof Error ? error.message : 'unreadable'}`)
  process.exitCode = 1
}
