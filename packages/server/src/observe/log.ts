/**
 * Logs: one line per change of the server's own life, `error` for our defects only. No address, name, room id or
 * secret, at no level (SIG14): of an error only its class, code and stack frames are written, since messages may quote
 * what somebody sent.
 */

import { writeSync } from 'node:fs'
import type { DestinationStream, Logger } from 'pino'
import { pino } from 'pino'

export type Log = Logger

export function createLog(level: string, destination?: DestinationStream): Log {
  // `base: null`: neither host name nor process number in each line.
  const options = { level, base: null }
  return pino(options, destination ?? standardOutput)
}

/** A line that finds no room (a full disk, a reader that is gone) is lost; pino's own stream would end the server. */
const standardOutput: DestinationStream = {
  write: (line) => {
    try {
      writeSync(1, line)
    } catch {
      // Nowhere to say it.
    }
  },
}

/** What may be written of an error. */
export function faultFields(error: unknown): { class: string; code?: string; frames: string[] } {
  if (!(error instanceof Error)) return { class: typeof error, frames: [] }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    class: error.name,
    ...(code === undefined ? {} : { code }),
    frames: frames.map((f) => f.trim()).slice(0, 12),
  }
}
