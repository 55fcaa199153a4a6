/** A file that mediabunny writes to: pieces at their positions. Never over an existing file. */
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import type { StreamTargetChunk } from 'mediabunny'
import { VaultError } from '../vault-error.ts'

/** Fails at its first write with `file-exists` where there is one. Readable by its owner alone. */
export function mediaFile(path: string): WritableStream<StreamTargetChunk> {
  let handle: FileHandle | undefined
  return new WritableStream({
    async start() {
      handle = await open(path, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
        throw new VaultError(cause.code === 'EEXIST' ? 'file-exists' : 'file-unreadable', path, cause)
      })
    },
    async write({ data, position }) {
      await handle?.write(data, 0, data.length, position)
    },
    close: () => handle?.close(),
    abort: () => handle?.close(),
  })
}
