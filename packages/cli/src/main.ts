/** `huisclos COMMAND …`: picks the command and turns what it throws into words and an exit status. */
import process from 'node:process'
import { runVault } from './vault/run-vault.ts'
import { languageOf } from './vault/words.ts'

const from = process.env['HUISCLOS_FROM']
if (from) process.chdir(from)
const [command, ...args] = process.argv.slice(2)
const terminal = {
  say: (line: string) => process.stdout.write(`${line}\n`),
  warn: (line: string) => process.stderr.write(`${line}\n`),
  language: languageOf(process.env),
}
process.exitCode = await runVault(command === 'vault' ? args : [], terminal)
