/**
 * A sound card for Firefox, which never starts its audio graph on a machine without one: a private PulseAudio with a
 * null sink, reachable through one socket in a temporary folder. Chromium needs none.
 */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SoundSink extends AsyncDisposable {
  /** What a program's environment needs to play into the sink. */
  readonly environment: Record<string, string>
}

const START_MS = 10_000

/** Starts the sink and waits for its socket. Throws when PulseAudio is not installed. */
export async function startSoundSink(): Promise<SoundSink> {
  const folder = mkdtempSync(join(tmpdir(), 'huisclos-sound-'))
  const socket = join(folder, 'native')
  const daemon = spawn(
    'pulseaudio',
    [
      '-n',
      '--daemonize=no',
      '--use-pid-file=no',
      '--exit-idle-time=-1',
      '--disable-shm=yes',
      '--log-level=error',
      '-L',
      'module-null-sink rate=48000',
      '-L',
      `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
    ],
    { env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder }, stdio: 'ignore' },
  )
  const failed = new Promise<never>((_, reject) => {
    daemon.once('error', (cause) =>
      reject(new Error('PulseAudio does not start; is it installed?', { cause })),
    )
    daemon.once('exit', (code) => reject(new Error(`PulseAudio ended with ${code}`)))
  })
  failed.catch(() => undefined)
  await Promise.race([failed, socketAppears(socket)])
  return {
    environment: { PULSE_SERVER: `unix:${socket}` },
    [Symbol.asyncDispose]: async () => {
      await ended(daemon)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function socketAppears(path: string): Promise<void> {
  const end = Date.now() + START_MS
  while (!existsSync(path)) {
    if (Date.now() > end) throw new Error('PulseAudio opened no socket')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function ended(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return
  const exit = new Promise((resolve) => daemon.once('exit', resolve))
  daemon.kill('SIGTERM')
  await exit
}
