// `npm run verify`: the checks that need no server and no browser (tools/checks).
import { bootstrap, runEntry } from './setup/bootstrap.mjs'

await bootstrap(
  () => ['dependencies'],
  () => runEntry('tools/checks/main.ts', process.argv.slice(2)),
)
