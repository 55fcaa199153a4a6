/** A recording's files in a folder of this machine. The folder is made when the first file is. */
import type { FileHandle } from 'node:fs/promises'
import { mkdir, open, readdir, rename, rm, stat, statfs, truncate } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { RecordingStore, StoredFile, StoreFile } from '../write/recording-store.ts'
import { StoreError } from '../write/recording-store.ts'

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return new StoreError(FULL.has(code) ? 'disk-full' : 'store-failed', error)
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toStoreError(error)
  }
}

/** A file's name is on the disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function writeAll(handle: FileHandle, offset: number, pieces: readonly Uint8Array[]): Promise<void> {
  let at = offset
  let rest = pieces.filter(({ length }) => length > 0)
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest.slice(0, 512), at)
    at += bytesWritten
    let skip = bytesWritten
    rest = rest.flatMap((piece) => {
      const taken = Math.min(skip, piece.length)
      skip -= taken
      return taken === piece.length ? [] : [piece.subarray(taken)]
    })
  }
}

/** Of the file system that the path lies on; the folder itself may not be there yet. */
async function freeAt(path: string): Promise<number> {
  const found = await statfs(path).catch((error: unknown) => {
    if (dirname(path) === path) throw error
    return null
  })
  return found ? found.bavail * found.bsize : freeAt(dirname(path))
}

class FolderFile implements StoreFile {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  write(offset: number, pieces: readonly Uint8Array[]): Promise<void> {
    return guarded(() => writeAll(this.#handle, offset, pieces))
  }

  sync(): Promise<void> {
    return guarded(() => this.#handle.datasync())
  }

  close(): Promise<void> {
    return guarded(() => this.#handle.close())
  }
}

/** @param path the recording's own folder */
export function folderStore(path: string): RecordingStore {
  const at = (name: string): string => join(path, name)

  async function openFile(name: string): Promise<StoreFile> {
    await mkdir(path, { recursive: true })
    const handle = await open(at(name), 'r+').catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      const made = await open(at(name), 'wx+')
      await syncFolder(path).catch(async (fault: unknown) => {
        await made.close()
        throw fault
      })
      return made
    })
    return new FolderFile(handle)
  }

  async function replaceFile(name: string, bytes: Uint8Array): Promise<void> {
    await mkdir(path, { recursive: true })
    const next = at(`${name}.new`)
    const handle = await open(next, 'w')
    try {
      await writeAll(handle, 0, [bytes])
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(next, at(name))
    await syncFolder(path)
  }

  async function listFiles(): Promise<StoredFile[]> {
    const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    const files = entries.filter((entry) => entry.isFile())
    return Promise.all(files.map(async ({ name }) => ({ name, sizeBytes: (await stat(at(name))).size })))
  }

  async function readFile(name: string, offset: number, lengthBytes: number): Promise<Uint8Array> {
    const handle = await open(at(name), 'r')
    try {
      const bytes = new Uint8Array(lengthBytes)
      let got = 0
      while (got < lengthBytes) {
        const { bytesRead } = await handle.read(bytes, got, lengthBytes - got, offset + got)
        if (bytesRead === 0) break
        got += bytesRead
      }
      return bytes.subarray(0, got)
    } finally {
      await handle.close()
    }
  }

  return {
    list: () => guarded(listFiles),
    read: (name, offset, lengthBytes) => guarded(() => readFile(name, offset, lengthBytes)),
    open: (name) => guarded(() => openFile(name)),
    truncate: (name, sizeBytes) => guarded(() => truncate(at(name), sizeBytes)),
    replace: (name, bytes) => guarded(() => replaceFile(name, bytes)),
    remove: (name) => guarded(() => rm(at(name), { force: true })),
    freeBytes: () => guarded(() => freeAt(resolve(path))),
  }
}
