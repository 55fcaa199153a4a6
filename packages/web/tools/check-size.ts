/** `npm run size -w @huisclos/web`: prints what a first visit costs and fails when it is over budget. */
import { fileURLToPath } from 'node:url'
import { ENTRY_BUDGET_BYTES, measureEntry } from './measure-entry.ts'

const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const { files, totalBytes } = await measureEntry(dist)
for (const { name, compressedBytes } of files) {
  process.stdout.write(`${kilobytes(compressedBytes).padStart(10)}  ${name}\n`)
}
process.stdout.write(`${kilobytes(totalBytes).padStart(10)}  of ${kilobytes(ENTRY_BUDGET_BYTES)}\n`)
if (totalBytes > ENTRY_BUDGET_BYTES) process.exitCode = 1
