/** The load of the forward bench, and what one run of one contestant under it gave. */

export const RECEIVERS = 20
/** What bots on one event loop take in without being the limit themselves. */
export const PACKETS_PER_SECOND = 400
/** Of clear frames, one packet each. */
export const FRAME_BYTES = 1_100

export interface ForwardRun {
  name: string
  seconds: number
  /** Processor time of the forwarding processes. */
  coreSeconds: number
  /** What they hold more than before anybody came; null where that says nothing. */
  grownBytes: number | null
  sent: number
  received: number
  delaysMs: number[]
  /** Of the bots' event loop, 0 to 1. */
  loopBusy: number
}
