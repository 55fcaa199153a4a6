/** Serves the demo page, which shows every screen with fixtures. Development only: no build has it as an input. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { serveOfflinePage } from './serve-offline-page.ts'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: fileURLToPath(new URL('../public', import.meta.url)),
  cacheDir: fileURLToPath(new URL('../../../node_modules/.vite-demo', import.meta.url)),
  plugins: [react(), serveOfflinePage()],
  server: { host: '127.0.0.1', fs: { allow: [fileURLToPath(new URL('../../..', import.meta.url))] } },
})
