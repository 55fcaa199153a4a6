/** A disk without room: a small file system in memory, filled to the last byte. Takes root; taken away on disposal. */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FullDisk extends Disposable {
  /** The folder where nothing can be written. */
  readonly path: string
  /** Makes room again. */
  free(): void
}

/** Why there can be no such disk here; null where there can. */
export function whyNoFullDisk(): string | null {
  try {
    using _disk = fillDisk()
    return null
  } catch (error) {
    return error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? 'no') : String(error)
  }
}

/** Throws where `whyNoFullDisk` says why. */
export function fillDisk(): FullDisk {
  const path = mkdtempSync(join(tmpdir(), 'hc-full-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'huisclos-full', path], { stdio: 'pipe' })
  } catch (error) {
    rmSync(path, { recursive: true })
    throw error
  }
  const ballast = join(path, 'ballast')
  fill(ballast)
  return {
    path,
    free: () => rmSync(ballast),
    [Symbol.dispose]: () => {
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true, force: true })
    },
  }
}

function fill(file: string): void {
  const handle = openSync(file, 'w')
  try {
    for (;;) writeSync(handle, Buffer.alloc(4_096))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(handle)
  }
}
