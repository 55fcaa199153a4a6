/** What the forward bench compares: something that brings each packet of one sender to every receiver. */
import type { EncodedTrack } from '@huisclos/node-media'
import type { PacketMeter } from './packet-meter.ts'

export interface Forwarder {
  name: string
  /** The processes whose processor time and memory are the cost of forwarding. */
  pids: readonly number[]
  /** What those held before anybody came, in bytes; null where participants are nothing to it. */
  emptyBytes: number | null
  /** Throws garbage away before memory is measured; absent where there is none. */
  collectGarbage?(): Promise<void>
  /** Sends the track's frames, one packet each but for key frames; null stops. */
  send(track: EncodedTrack | null): Promise<void>
  close(): Promise<void>
}

export type OpenForwarder = (meter: PacketMeter, receivers: number) => Promise<Forwarder>
