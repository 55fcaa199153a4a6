/** `vault keygen`: makes a key pair and writes its private half, sealed or in shares, and its public half [REC6]. */
import { writeFile } from 'node:fs/promises'
import {
  encodePublicKeyFile,
  formatFingerprint,
  newRecordingKey,
  recordingFingerprint,
  renderPaper,
  sealKeyFile,
  splitKey,
  VaultError,
  wholeKey,
} from '@huisclos/vault'
import type { Command } from './run-vault.ts'
import { readPassphrase } from './terminal.ts'
import { words } from './words.ts'

export const keygen: Command = async ([name], options, { say, language }) => {
  if (!name) throw new VaultError('usage', 'keygen NAME')
  const said = words[language]
  const owner = options.owner ?? ''
  const key = await newRecordingKey()
  const files = new Map<string, string>()
  if (options.shares) {
    const [needed, of] = options.shares.split('/').map(Number)
    for (const [i, share] of (await splitKey(key, needed ?? 0, of ?? 0)).entries())
      files.set(`${name}.share-${i + 1}.html`, renderPaper(share, owner, language))
  } else {
    files.set(`${name}.key.json`, await sealKeyFile(key, owner, await newPassphrase(options, said)))
  }
  if (options.paper) files.set(`${name}.paper.html`, renderPaper(wholeKey(key), owner, language))
  files.set(`${name}.public.json`, encodePublicKeyFile({ publicKey: key.publicKey, owner }))
  for (const [path, text] of files) {
    await writeNew(path, text)
    say(`${said.made} ${path}`)
  }
  say(said.publicUse)
  say(`${said.fingerprint} ${formatFingerprint(recordingFingerprint(key.publicKey))}`)
  say(`\n${said.loss}`)
  return 0
}

async function newPassphrase(
  options: Parameters<Command>[1],
  said: { askNew: string; askAgain: string },
): Promise<string> {
  const file = options['passphrase-file']
  const passphrase = await readPassphrase(file, said.askNew)
  if (file === undefined && (await readPassphrase(undefined, said.askAgain)) !== passphrase)
    throw new VaultError('passphrase-wrong')
  return passphrase
}

/** Never over an existing file: it may be the only key to many recordings. Readable by its owner alone. */
async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx', mode: 0o600 }).catch((cause: NodeJS.ErrnoException) => {
    throw new VaultError(cause.code === 'EEXIST' ? 'file-exists' : 'file-unreadable', path, cause)
  })
}
