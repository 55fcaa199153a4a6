/** Refusals against defects: an SfuError is the client's business, anything else is ours and is reported (SIG1). */
import type { ErrorCode } from '@huisclos/protocol'
import { SfuError } from '../media/sfu.ts'

export type ReportFault = (error: unknown) => void

export function codeOf(error: unknown, report: ReportFault): ErrorCode {
  if (error instanceof SfuError) return error.code
  report(error)
  return 'server-fault'
}
