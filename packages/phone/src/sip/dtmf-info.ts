/** Keys pressed that come as INFO (`application/dtmf-relay`, `application/dtmf`), as many gateways send them. */
import type { SipRequest } from './sip-message.ts'
import { header } from './sip-message.ts'

const MAX_BYTES = 256

/** One key, `''` for an INFO without one, null for a body of another kind. */
export function readDtmf(request: SipRequest): string | null {
  const type = header(request, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (request.body.length === 0) return ''
  if (request.body.length > MAX_BYTES) return null
  const text = Buffer.from(request.body).toString('latin1')
  if (type === 'application/dtmf') return /^\s*([0-9*#A-D])\s*$/i.exec(text)?.[1]?.toUpperCase() ?? ''
  if (type !== 'application/dtmf-relay') return null
  const signal = /^Signal\s*=\s*([0-9*#A-D]|10|11)\s*$/im.exec(text)?.[1]?.toUpperCase() ?? ''
  return { '10': '*', '11': '#' }[signal] ?? signal
}
