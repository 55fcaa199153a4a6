/** Refusals against defects: an SfuError is the client's business, anything else is ours and is reported (SIG1). */
import type { ErrorCode } from '@huisclos/protocol'
import { SfuError } from '../media/sfu.ts'
import type { ReportFault } from '../observe/report-fault.ts'

export function failureCode(error: unknown, report: ReportFault): ErrorCode {
  if (error instanceof SfuError) return error.code
  report(error)
  return 'server-fault'
}
