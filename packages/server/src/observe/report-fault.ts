/** Where defects of our own are told: counted and logged without what they were about (SIG14). */

import type { Log } from './log.ts'
import { faultFields } from './log.ts'
import type { Metrics } from './metrics.ts'

export type ReportFault = (error: unknown) => void

export const faultReporter =
  (log: Log, metrics: Metrics): ReportFault =>
  (error) => {
    metrics.faults.inc()
    log.error(faultFields(error), 'a defect of the server')
  }
