// `npm start`: everything that a fresh clone lacks, then the server. Arguments are the server's own:
// `npm start -- --port 9000 --public meet.example.org`.
import { existsSync } from 'node:fs'
import { bootstrap, runEntry } from './setup/bootstrap.mjs'
import { SetupError } from './setup/setup-error.mjs'

const entry = 'packages/server/src/main.ts'

await bootstrap(
  () => ['dependencies', 'worker', 'web'],
  async () => {
    if (!existsSync(entry)) throw new SetupError('missing-file', `${entry} is missing from this checkout.`)
    return runEntry(entry, process.argv.slice(2))
  },
)
