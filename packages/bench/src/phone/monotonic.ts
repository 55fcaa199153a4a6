/** One clock for all processes of this machine: milliseconds of its monotonic clock. */

const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now()

export const monotonicMs = (): number => performance.now() + offsetMs
