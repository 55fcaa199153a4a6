/**
 * Builds the web client that does not encrypt, the control of the join bench. It goes into its own folder, which no
 * server of anybody's serves unless told to.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../../..')
const web = join(root, 'packages/web')

/**
 * The folder of the built client.
 * @throws Error with the end of the output when the build fails
 */
export async function buildClearClient(): Promise<string> {
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: web, env: { ...process.env, VITE_HUISCLOS_BENCH_CLEAR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = `${output}${chunk.toString()}`.slice(-2_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const status = await new Promise<number | null>((done, fail) => {
    child.on('error', fail)
    child.on('close', done)
  })
  const built = join(web, 'dist-bench-clear')
  if (status !== 0 || !existsSync(join(built, 'index.html')))
    throw new Error(`the client without encryption could not be built: ${output}`)
  return built
}
