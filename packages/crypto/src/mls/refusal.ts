/**
 * How a broken rule stops an operation: by an MlsError with its code. The set of waived codes is empty in every
 * engine that the index can make; tests waive one code at a time, to show that the attack behind it then succeeds.
 */
import type { MlsCode } from './mls-error.ts'
import { MlsError } from './mls-error.ts'

export type Waived = ReadonlySet<MlsCode>

export const NOTHING_WAIVED: Waived = new Set()

export type Demand = (holds: boolean, code: MlsCode) => void

/** Throws `code` unless the rule holds. */
export function demanding(waived: Waived): Demand {
  return (holds, code) => {
    if (!holds && !waived.has(code)) throw new MlsError(code)
  }
}
