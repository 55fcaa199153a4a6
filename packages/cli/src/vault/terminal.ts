/** What a command may say, and passphrases: asked for without echo or read from a file, never taken as an argument. */
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { VaultError } from '@huisclos/vault'
import type { Language } from './words.ts'

export interface Terminal {
  say(line: string): void
  warn(line: string): void
  language: Language
}

/** The file's first line, or what is typed. Throws `usage` where there is neither file nor terminal. */
export async function readPassphrase(file: string | undefined, question: string): Promise<string> {
  if (file !== undefined) return (await readText(file)).split(/\r?\n/)[0] ?? ''
  if (!process.stdin.isTTY) throw new VaultError('usage', '--passphrase-file')
  return askHidden(question)
}

/** Throws `file-unreadable`. */
export async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause) => {
    throw new VaultError('file-unreadable', path, cause)
  })
}

function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  return new Promise((resolve) => {
    let typed = ''
    const finish = () => {
      stdin.setRawMode(false)
      stdin.pause()
      stdin.off('data', take)
      stderr.write('\n')
    }
    const take = (text: string) => {
      for (const letter of text) {
        if (letter === '\r' || letter === '\n') {
          finish()
          resolve(typed)
          return
        }
        if (letter === '\u0003') {
          finish()
          process.exit(130)
        }
        typed = letter === '\u007f' ? [...typed].slice(0, -1).join('') : typed + letter
      }
    }
    stdin.on('data', take)
  })
}
