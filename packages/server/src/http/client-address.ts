/**
 * Where a request comes from, for quotas and for what only this machine may read. Held in memory, never logged
 * (SIG14). A forwarded address is believed only when the operator said that a proxy is in front.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { isLoopback } from '../config/resolve-settings.ts'

export function clientAddress(request: IncomingMessage, behindProxy: boolean): string {
  const direct = request.socket.remoteAddress ?? ''
  if (!behindProxy) return direct
  const header = request.headers['x-forwarded-for']
  const last = (Array.isArray(header) ? header.at(-1) : header)?.split(',').at(-1)?.trim() ?? ''
  return isIP(last) === 0 ? direct : last
}

/** Whether a program on this machine asks, and no proxy on behalf of somebody else. */
export function isFromThisMachine(request: IncomingMessage): boolean {
  const { headers } = request
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined
  return !isForwarded && isLoopback(request.socket.remoteAddress ?? '')
}
