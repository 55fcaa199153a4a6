// `npm run vectors` and `npm run bench`: set-up as far as the entry needs it, then the entry with its arguments and its
// exit status.
import { existsSync } from 'node:fs'
import { bootstrap, runEntry } from './setup/bootstrap.mjs'
import { SetupError } from './setup/setup-error.mjs'

const [entry, ...args] = process.argv.slice(2)

await bootstrap(
  () => (entry?.startsWith('packages/bench/') ? ['dependencies', 'worker'] : ['dependencies']),
  async () => {
    if (!entry || !existsSync(entry)) {
      throw new SetupError('missing-file', `${entry ?? 'The entry'} is missing from this checkout.`)
    }
    return runEntry(entry, args)
  },
)
