/** `huisclos vault …`: reads the arguments, runs one command, and says what went wrong. Status: see `usage`. */
import { parseArgs } from 'node:util'
import { VaultError } from '@huisclos/vault'
import { check } from './check.ts'
import { keygen } from './keygen.ts'
import { exportOne, list, open, verify } from './recordings.ts'
import type { Terminal } from './terminal.ts'
import { errorWords, words } from './words.ts'

const options = {
  owner: { type: 'string' },
  shares: { type: 'string' },
  paper: { type: 'boolean' },
  public: { type: 'string' },
  prove: { type: 'boolean' },
  key: { type: 'string', multiple: true },
  out: { type: 'string' },
  format: { type: 'string' },
  'no-gallery': { type: 'boolean' },
  'token-file': { type: 'string' },
  'passphrase-file': { type: 'string' },
  help: { type: 'boolean' },
} as const

export type Options = ReturnType<typeof readArguments>['values']
/** Resolves to the exit status. */
export type Command = (operands: string[], options: Options, terminal: Terminal) => Promise<number>

const commands: Record<string, Command> = { keygen, check, list, verify, open, export: exportOne }

export async function runVault(args: string[], terminal: Terminal): Promise<number> {
  try {
    const { values, positionals } = readArguments(args)
    const [name = '', ...operands] = positionals
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!command || values.help) {
      terminal.say(words[terminal.language].usage)
      return values.help ? 0 : 2
    }
    return await command(operands, values, terminal)
  } catch (error) {
    if (!(error instanceof VaultError)) throw error
    terminal.warn(
      `${errorWords[terminal.language][error.code]} ${error.about} [${error.code}]`.replace('  ', ' '),
    )
    return error.code === 'usage' ? 2 : 1
  }
}

function readArguments(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (cause) {
    throw new VaultError('usage', '', cause)
  }
}
