/**
 * Vite plugin: beside each text file of the build, the same in Brotli and gzip at their strongest, so that the server
 * sends ready-made bytes. Files that do not shrink get none.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const COMPRESSIBLE = /\.(html|js|mjs|css|svg|json|txt|webmanifest|wasm)$/
const MIN_BYTES = 1024

/** `vite build --mode uncompressed` leaves the compressing out: for builds that are only looked at. */
export const UNCOMPRESSED_MODE = 'uncompressed'

/** Brotli at quality 11, as the build writes it and as the size check measures it. */
export async function brotli(bytes: Uint8Array): Promise<Uint8Array> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  return promisify(brotliCompress)(bytes, { params })
}

async function writeCompressed(file: string): Promise<void> {
  const bytes = await readFile(file)
  if (bytes.length < MIN_BYTES) return
  const made = { br: await brotli(bytes), gz: await promisify(gzip)(bytes, { level: 9 }) }
  for (const [ending, smaller] of Object.entries(made)) {
    if (smaller.length < bytes.length) await writeFile(`${file}.${ending}`, smaller)
  }
}

export function precompress(): Plugin {
  return {
    name: 'huisclos:precompress',
    apply: (_config, { command, mode }) => command === 'build' && mode !== UNCOMPRESSED_MODE,
    async writeBundle(options, bundle) {
      const dir = options.dir
      if (dir === undefined) return
      const files = Object.keys(bundle).filter((name) => COMPRESSIBLE.test(name))
      for (const name of files) await writeCompressed(join(dir, name))
    },
  }
}
