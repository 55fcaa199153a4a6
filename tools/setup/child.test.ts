import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let dir = ''
let started: ChildProcess | undefined
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'huisclos-child-'))
})
afterEach(() => {
  started?.kill('SIGKILL')
  rmSync(dir, { recursive: true, force: true })
})

const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href)

/** A command of ours that runs `script` in the foreground, as start.mjs runs the server. */
function writeWrapper(script: string, run = 'runForeground'): string {
  writeFileSync(join(dir, 'child.mjs'), script)
  const watch = module('./parent-watch.mjs')
  writeFileSync(
    join(dir, 'wrapper.mjs'),
    `import { forwardSignals, runForeground, runQuietly } from ${module('./child.mjs')}
    forwardSignals()
    process.exitCode = await ${run}(process.execPath, ['--import', ${watch}, ${JSON.stringify(join(dir, 'child.mjs'))}])`,
  )
  return join(dir, 'wrapper.mjs')
}

function startWrapper(script: string, run?: string): Promise<number> {
  const wrapper = spawn(process.execPath, [writeWrapper(script, run)], { stdio: 'ignore' })
  started = wrapper
  return new Promise((resolve) => wrapper.on('exit', (code, signal) => resolve(signal ? -1 : (code ?? -2))))
}

/** A child that has a child, and writes down both their numbers. */
const family = `
import { spawn } from 'node:child_process'
import { writeFileSync, renameSync } from 'node:fs'
const other = spawn('sleep', ['600'])
writeFileSync(${JSON.stringify('PIDS')} + '.part', process.pid + ' ' + other.pid)
renameSync(${JSON.stringify('PIDS')} + '.part', ${JSON.stringify('PIDS')})
setInterval(() => {}, 1000)
`
const familyIn = (pids: string) => family.replaceAll('"PIDS"', JSON.stringify(pids))

function readPids(file: string): Promise<number[]> {
  return vi.waitFor(() => readFileSync(file, 'utf8').split(' ').map(Number), { timeout: 10_000 })
}

function isRunning(pid: number): boolean {
  try {
    readlinkSync(`/proc/${pid}/exe`)
    return true
  } catch {
    return false
  }
}

const allGone = (pids: number[]) =>
  vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 10_000 })

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends everything that was started', async (signal) => {
  const pids = join(dir, 'pids')
  const ended = startWrapper(familyIn(pids))
  const numbers = await readPids(pids)
  started?.kill(signal)
  expect(await ended).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal])
  await allGone(numbers)
})

test('a server that outlives a killed starter ends by itself', async () => {
  const pids = join(dir, 'pids')
  const ended = startWrapper(familyIn(pids))
  const [server = 0, other = 0] = await readPids(pids)
  started?.kill('SIGKILL')
  await ended
  await allGone([server])
  // Its own child is its own affair; here it is ours.
  if (isRunning(other)) process.kill(other, 'SIGKILL')
})

test('a child that ends in order on a signal gives its own exit status', async () => {
  const ready = join(dir, 'ready')
  const ended = startWrapper(`
    import { writeFileSync } from 'node:fs'
    process.on('SIGTERM', () => process.exit(0))
    setInterval(() => {}, 1000)
    writeFileSync(${JSON.stringify(ready)}, '1')`)
  await vi.waitFor(() => readFileSync(ready), { timeout: 10_000 })
  started?.kill('SIGTERM')
  expect(await ended).toBe(0)
})

test('a step of set-up that takes no notice of the signal is ended after two seconds', async () => {
  const pids = join(dir, 'pids')
  const ended = startWrapper(`process.on('SIGTERM', () => {})\n${familyIn(pids)}`, 'runQuietly')
  const numbers = await readPids(pids)
  const begun = performance.now()
  started?.kill('SIGTERM')
  await ended
  expect(performance.now() - begun).toBeLessThan(6_000)
  await allGone(numbers)
})

test('the exit status is passed on', async () => {
  expect(await startWrapper('process.exit(7)')).toBe(7)
})

test.each([
  ['by way of a shell', (wrapper: string) => ['sh', '-c', `${process.execPath} ${wrapper}; exit $?`]],
  ['itself', (wrapper: string) => [process.execPath, wrapper]],
])('when npm, which started us %s, is killed, everything ends', async (_title, commandFor) => {
  const pids = join(dir, 'pids')
  const [command, ...args] = commandFor(writeWrapper(familyIn(pids)))
  const call = `spawn(${JSON.stringify(command)}, ${JSON.stringify(args)}, { stdio: 'ignore' })`
  const npm = spawn(
    process.execPath,
    ['-e', `require('node:child_process').${call}; setInterval(() => {}, 1000)`],
    {
      stdio: 'ignore',
      env: { ...process.env, npm_lifecycle_event: 'start' },
    },
  )
  started = npm
  const numbers = await readPids(pids)
  npm.kill('SIGKILL')
  await allGone(numbers)
})

test('what runs behind writes into its file, stands back from the processor, and ends with its own status', async () => {
  const file = join(dir, 'output')
  const script = `import { getPriority } from 'node:os'
  setTimeout(() => { console.log(getPriority()); console.error('said'); process.exitCode = 3 }, 300)`
  writeFileSync(join(dir, 'child.mjs'), script)
  const child = JSON.stringify(join(dir, 'child.mjs'))
  writeFileSync(
    join(dir, 'wrapper.mjs'),
    `import { runForeground } from ${module('./child.mjs')}
    process.exitCode = await runForeground(process.execPath, [${child}], { behind: ${JSON.stringify(file)} })`,
  )
  const wrapper = spawn(process.execPath, [join(dir, 'wrapper.mjs')], { stdio: 'ignore' })
  started = wrapper
  expect(await new Promise((resolve) => wrapper.on('exit', resolve))).toBe(3)
  const [niceness, said] = readFileSync(file, 'utf8').split('\n')
  expect(Number(niceness)).toBe(Math.min(getPriority() + 5, 19))
  expect(said).toBe('said')
})
