// `npm run vectors` and `npm run bench`: set-up as far as the entry needs it, then the entry with its arguments and its
// exit status. Only the benches `join` and `join-clear` (and so a run of all benches) drive browsers.
import { existsSync } from 'node:fs'
import { bootstrap, runEntry } from './setup/bootstrap.mjs'
import { SetupError } from './setup/setup-error.mjs'

const [entry, ...args] = process.argv.slice(2)
const names = args.filter((arg) => !arg.startsWith('-'))
const drivesBrowsers = names.length === 0 || names.some((name) => name.startsWith('join'))

await bootstrap(
  () => {
    if (!entry?.startsWith('packages/bench/')) return ['dependencies']
    return drivesBrowsers ? ['dependencies', 'worker', 'web', 'browsers'] : ['dependencies', 'worker']
  },
  async () => {
    if (!entry || !existsSync(entry)) {
      throw new SetupError('missing-file', `${entry ?? 'The entry'} is missing from this checkout.`)
    }
    return runEntry(entry, args)
  },
)
