/**
 * The web client's build. Everything it makes is a file of our own origin: no inline script, no `data:` asset, no
 * `blob:` worker, no polyfill that injects code (WEB1). With HUISCLOS's bench flag (`VITE_HUISCLOS_BENCH_CLEAR=1`) it
 * makes the bench's unencrypted control client, in another folder; the constant is folded away in normal builds.
 */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { precompress } from './tools/precompress.ts'

const benchClear = process.env['VITE_HUISCLOS_BENCH_CLEAR'] === '1'
const browsers = ['chrome120', 'edge120', 'firefox121', 'safari17.4']

/** Service workers stand at the root, which their scopes need, under names that stay: browsers look there for news. */
const SERVICE_WORKERS = ['link-keeper.worker', 'offline.worker']
const entryFileNames = ({ name }: { name: string }): string =>
  SERVICE_WORKERS.includes(name) ? `${name.replace('.', '-')}.js` : 'assets/[name]-[hash].js'

export default defineConfig({
  plugins: [react(), precompress()],
  define: { __BENCH_CLEAR__: JSON.stringify(benchClear) },
  worker: { format: 'es', rolldownOptions: { output: { entryFileNames } } },
  server: {
    host: '127.0.0.1',
    headers: { 'service-worker-allowed': '/' },
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/ws': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
  build: {
    // All that the entry needs in one file, and nothing else: what other pages share with it would cost it files and bytes.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
    outDir: benchClear ? 'dist-bench-clear' : 'dist',
    emptyOutDir: true,
    manifest: true,
    target: browsers,
    cssTarget: browsers,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
})
