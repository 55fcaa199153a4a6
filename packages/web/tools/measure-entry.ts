/**
 * What joining costs before the first picture of oneself: the page, its styles, its entry script and everything that
 * the entry imports at once, in Brotli as the server sends them. What is imported later (meeting engine, encryption,
 * media, the room's screens) does not count. Reads the build's own manifest.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { brotli } from './precompress.ts'

/** The budget of a first visit, in bytes. */
export const ENTRY_BUDGET_BYTES = 250 * 1024

const MANIFEST = '.vite/manifest.json'

interface Chunk {
  file: string
  isEntry?: boolean
  imports?: string[]
  css?: string[]
}
type Manifest = Record<string, Chunk>

export interface EntryCost {
  files: { name: string; compressedBytes: number }[]
  totalBytes: number
}

/** Files that a browser fetches before the entry runs, each once. */
export function entryFiles(manifest: Manifest): string[] {
  const found = new Set<string>(['index.html'])
  const seen = new Set<string>()
  const follow = (key: string): void => {
    const chunk = manifest[key]
    if (!chunk || seen.has(key)) return
    seen.add(key)
    for (const file of [chunk.file, ...(chunk.css ?? [])]) found.add(file)
    for (const imported of chunk.imports ?? []) follow(imported)
  }
  for (const [key, { isEntry }] of Object.entries(manifest)) if (isEntry) follow(key)
  return [...found]
}

/** What the build wrote beside the file; small files have nothing beside them. */
async function compressedSize(file: string): Promise<number> {
  const written = await stat(`${file}.br`).catch(() => null)
  return written?.size ?? (await brotli(await readFile(file))).length
}

/** @param dist absolute path of a build. */
export async function measureEntry(dist: string): Promise<EntryCost> {
  const manifest = JSON.parse(await readFile(join(dist, MANIFEST), 'utf8')) as Manifest
  const files = await Promise.all(
    entryFiles(manifest).map(async (name) => ({
      name,
      compressedBytes: await compressedSize(join(dist, name)),
    })),
  )
  return { files, totalBytes: files.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0) }
}
