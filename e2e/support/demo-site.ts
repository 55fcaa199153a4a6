/**
 * The demo page for the album, built: a screen is then one file to load instead of hundreds. It is React's development
 * build, whose warnings the album wants to hear. The offline page, which is none of React's, has a server of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, createServer, preview } from 'vite'

const configFile = fileURLToPath(new URL('../../packages/web/demo/vite.config.ts', import.meta.url))
const trimmed = (urls: { local: string[] } | null): string => (urls?.local[0] ?? '').replace(/\/$/u, '')

export interface DemoSite {
  readonly origin: string
  /** Starts the offline page's server on first use. */
  offlineOrigin(): Promise<string>
  close(): Promise<void>
}

export async function openDemoSite(): Promise<DemoSite> {
  const outDir = mkdtempSync(join(tmpdir(), 'huisclos-demo-'))
  const common = { configFile, mode: 'development', logLevel: 'error' } as const
  await build({
    ...common,
    define: { 'process.env.NODE_ENV': '"development"' },
    build: { outDir, emptyOutDir: true, minify: false, reportCompressedSize: false },
  })
  const site = await preview({ ...common, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } })
  let offline: Promise<Awaited<ReturnType<typeof createServer>>> | null = null
  return {
    origin: trimmed(site.resolvedUrls),
    async offlineOrigin() {
      offline ??= createServer({ ...common, server: { port: 0 } }).then((server) => server.listen())
      return trimmed((await offline).resolvedUrls)
    },
    async close() {
      await (await offline)?.close()
      await site.close()
      rmSync(outDir, { recursive: true, force: true })
    },
  }
}
