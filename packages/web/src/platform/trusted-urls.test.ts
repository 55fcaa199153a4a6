import { expect, test } from 'vitest'
import { checkScriptUrl } from './trusted-urls.ts'

const origin = 'https://meet.example.org'

test('[WEB1] a script of the build on our own origin passes', () => {
  expect(checkScriptUrl('/assets/frame.worker-abc.js', origin)).toBe(`${origin}/assets/frame.worker-abc.js`)
})

test.each(['/link-keeper-worker.js', '/offline-worker.js'])(
  '[WEB1] a service worker of ours at the root passes: %s',
  (url) => {
    expect(checkScriptUrl(url, origin)).toBe(`${origin}${url}`)
  },
)

test.each([
  '/other-worker.js',
  '/m/offline-worker.js',
  'https://evil.example/assets/a.js',
  '//evil.example/assets/a.js',
  'blob:https://meet.example.org/0b5e',
  'data:text/javascript,alert(1)',
  'javascript:alert(1)',
  '/m/abcdefgh2345abcd',
  '/assets/../api/config',
  '/assets/a.html',
])('[WEB1] %s is refused', (url) => {
  expect(() => checkScriptUrl(url, origin)).toThrow(TypeError)
})
