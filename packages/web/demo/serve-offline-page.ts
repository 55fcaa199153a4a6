/**
 * Serves the offline page to the demo as its service worker would: page, styles and script from the same modules.
 */
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const source = (path: string): string => fileURLToPath(new URL(`../src/ui/offline/${path}`, import.meta.url))

export function serveOfflinePage(): Plugin {
  return {
    name: 'huisclos:offline-page',
    configureServer(server) {
      // The page names no icon, since it has no network to fetch one by; browsers ask all the same.
      server.middlewares.use('/favicon.ico', (_request, answer) => void answer.writeHead(204).end())
      server.middlewares.use('/offline', async (request, answer) => {
        const { offlinePage, offlineScript } = (await server.ssrLoadModule(
          source('offline-page.ts'),
        )) as typeof import('../src/ui/offline/offline-page.ts')
        const styles = async (): Promise<string> =>
          (await server.ssrLoadModule(`${source('offline.css')}?inline`))['default'] as string
        const say = (type: string, text: string) => answer.setHeader('content-type', type).end(text)
        if (request.url === '/page.css') say('text/css', await styles())
        else if (request.url === '/page.js') say('text/javascript', offlineScript())
        else say('text/html', offlinePage('en'))
      })
    },
  }
}
