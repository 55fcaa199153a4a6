/**
 * The rooms that somebody is in, each with its record from the Store. One LiveRoom per room id, made when the first
 * enters and forgotten when the last has left for a while (SIG9).
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { ErrorCode, RoomId } from '@huisclos/protocol'
import type { Clock } from '../clock.ts'
import type { Sfu } from '../media/sfu.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { ReportFault } from '../observe/report-fault.ts'
import type { Recorder } from '../recording/recorder.ts'
import type { RoomRecord } from '../storage/store.ts'
import type { Bridges } from './bridges.ts'
import { LiveRoom } from './live-room.ts'

export interface RoomsOptions {
  clock: Clock
  sfu: Sfu
  metrics: Metrics
  onFault: ReportFault
  /** Null where recordings on the server are off. */
  recorder: Recorder | null
  bridges: Bridges
}

export class Rooms {
  readonly #options: RoomsOptions
  readonly #live = new Map<RoomId, LiveRoom>()

  constructor(options: RoomsOptions) {
    this.#options = options
  }

  get count(): number {
    return this.#live.size
  }

  /** The live room of that record, made when nobody is in it yet. */
  open(record: RoomRecord): LiveRoom {
    const present = this.#live.get(record.room)
    if (present !== undefined) return present
    const made: LiveRoom = new LiveRoom({
      ...this.#options,
      id: record.room,
      serverKey: createPrivateKey({ key: record.serverKey, format: 'der', type: 'pkcs8' }),
      ownerHash: record.ownerHash,
      onRest: () => this.#rest(record.room, made),
    })
    this.#live.set(record.room, made)
    return made
  }

  /** The room if somebody is in it. */
  find(id: RoomId): LiveRoom | undefined {
    return this.#live.get(id)
  }

  closeAll(code: ErrorCode): void {
    for (const room of this.#live.values()) room.close(code)
    this.#live.clear()
  }

  #rest(id: RoomId, room: LiveRoom): void {
    if (this.#live.get(id) === room) this.#live.delete(id)
  }
}

/** The public half of a record's key, 32 bytes in base64url, as `Entered.serverKey`. */
export function publicKeyOf(record: RoomRecord): string {
  const jwk = createPublicKey(
    createPrivateKey({ key: record.serverKey, format: 'der', type: 'pkcs8' }),
  ).export({
    format: 'jwk',
  })
  if (jwk.x === undefined) throw new Error('not an Ed25519 key')
  return jwk.x
}
