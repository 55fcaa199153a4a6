import type { Socket } from '@huisclos/participant'
import { expect, test } from 'vitest'
import type { QuickPath } from '../platform/quick-path.ts'
import { checkNetwork } from './network-check.ts'

/** A server that begins the test or refuses it, and knows when the line was left. */
function serverLine(code: 'probe-busy' | null = null) {
  const said: string[] = []
  const socket: Socket = {
    send(text) {
      const { t, id } = JSON.parse(text) as { t: string; id: number }
      said.push(t)
      const result = { version: 1, routerRtp: {}, mediaPorts: [] }
      const answer = code ? { t: 'error', re: id, code } : { t: 'ok', re: id, result }
      if (t === 'probe') queueMicrotask(() => socket.onmessage?.(JSON.stringify(answer)))
    },
    close: () => said.push('closed'),
    bufferedAmount: 0,
    onopen: null,
    onmessage: null,
    onclose: null,
  }
  queueMicrotask(() => socket.onopen?.())
  return { said, connect: () => socket }
}

const paths =
  (passes: Partial<Record<'udp' | 'tcp', boolean>>, tried: string[] = []) =>
  async () => ({
    quickPath: async ({ protocol }: QuickPath) => {
      tried.push(protocol)
      return passes[protocol] ?? false
    },
  })
const check = (load: ReturnType<typeof paths>, line = serverLine(), signal = new AbortController().signal) =>
  checkNetwork({ connect: line.connect, load }, signal)

test('[SIG16] UDP is tried first, TCP only where it fails, and the line is left', async () => {
  const tried: string[] = []
  const line = serverLine()
  expect(await check(paths({ udp: true }, tried), line)).toBe('direct')
  expect(tried).toEqual(['udp'])
  await expect.poll(() => line.said).toEqual(['probe', 'leave', 'closed'])
  expect(await check(paths({ tcp: true }, tried))).toBe('tcp-only')
  expect(tried).toEqual(['udp', 'udp', 'tcp'])
  expect(await check(paths({}))).toBe('blocked')
})

test('[SIG16] a test that cannot be held, or is called off, is no verdict', async () => {
  expect(await check(paths({ udp: true }), serverLine('probe-busy'))).toBe('untested')
  expect(await check(() => Promise.reject(new Error('not loaded')))).toBe('untested')
  const ending = new AbortController()
  ending.abort()
  expect(await check(paths({}), serverLine(), ending.signal)).toBe('untested')
})
