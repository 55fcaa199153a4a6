/** Runs ffmpeg for the composed file, where the machine has it. */
import { spawn } from 'node:child_process'
import { VaultError } from '../vault-error.ts'

const LAST_WORDS_CHARS = 2000

/** Throws `ffmpeg-missing` and `ffmpeg-failed` with its last words. */
export function runFfmpeg(args: string[], program = 'ffmpeg'): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let words = ''
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-LAST_WORDS_CHARS)
    })
    child.on('error', (cause) => reject(new VaultError('ffmpeg-missing', '', cause)))
    child.on('close', (status) =>
      status === 0 ? resolve() : reject(new VaultError('ffmpeg-failed', words.trim())),
    )
  })
}
