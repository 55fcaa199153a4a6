// Which test files belong to which run. `unit` holds unit and integration tests beside their sources, `e2e` the
// browser tests against the real server, `long` (only with HUISCLOS_LONG=1) the runs of many minutes.
// tools/test.mjs picks the project; a bare `vitest run packages/crypto` works as well.
import { availableParallelism } from 'node:os'
import type { TestProjectConfiguration } from 'vitest/config'
import { defineConfig } from 'vitest/config'

const everywhere = ['**/node_modules/**', '**/dist/**', '.runtime/**', '.cache/**', '.tmp/**']
const long = process.env['HUISCLOS_LONG'] === '1'

const unit: TestProjectConfiguration = {
  test: {
    name: 'unit',
    include: ['packages/*/{src,tools,test}/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'],
    exclude: [...everywhere, '**/*.long.test.ts'],
    // Modules are loaded once a worker, not once a file: half of the run was loading.
    isolate: false,
    // They run behind the browser tests, which may take nearly all of the processor for a while.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}

const browsers: TestProjectConfiguration = {
  test: {
    name: 'e2e',
    include: ['e2e/**/*.test.ts'],
    exclude: [...everywhere, '**/*.long.test.ts'],
    fileParallelism: false,
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
}

const longRuns: TestProjectConfiguration = {
  test: {
    name: 'long',
    include: ['{packages,e2e,tools}/**/*.long.test.ts'],
    exclude: everywhere,
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 300_000,
  },
}

export default defineConfig({
  test: {
    projects: long ? [longRuns] : [unit, browsers],
    passWithNoTests: false,
    // By itself Vitest leaves a core to whoever watches: on two cores that is half of the machine.
    maxWorkers: availableParallelism(),
    // Another order each time, so that a file which leans on what another left behind is found.
    sequence: { shuffle: { files: true } },
  },
})
