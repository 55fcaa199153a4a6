/**
 * Who may test the path to the media engine (SIG16): so many at once on this server, half of them from one household,
 * one a socket, each for `PROBE.lastsMs`. Nobody is asked who they are, and nothing is kept of a test that ended.
 */
import { randomBytes } from 'node:crypto'
import type { ErrorCode, RequestOf, ResultOf } from '@huisclos/protocol'
import { negotiateVersion, PeerId, PROBE } from '@huisclos/protocol'
import type { Clock } from '../clock.ts'
import type { Sfu, SfuRoom } from '../media/sfu.ts'
import type { Bucket, Rate } from '../policy/token-bucket.ts'
import { fullBucket, take } from '../policy/token-bucket.ts'
import type { AsideSocket } from './aside.ts'
import { Probe } from './probe.ts'

export interface ProbesOptions {
  sfu: Sfu
  clock: Clock
  /** At once, on the whole server; 0 turns tests off. */
  most: number
  mediaPorts: readonly number[]
}

export type BegunProbe =
  | { ok: true; aside: Probe; result: ResultOf<'probe'> }
  | { ok: false; code: Extract<ErrorCode, 'version-unsupported' | 'probe-busy'> }

/** A page that is opened over and over asks less often than this; a flood asks more. */
const PER_HOUSEHOLD: Rate = { perSecond: 0.5, burst: 20 }
const MOST_HOUSEHOLDS = 10_000

export class Probes {
  readonly #options: ProbesOptions
  readonly #running = new Map<string, number>()
  readonly #asked = new Map<string, Bucket>()
  #count = 0

  constructor(options: ProbesOptions) {
    this.#options = options
  }

  /** How many run now. */
  get count(): number {
    return this.#count
  }

  /** `household`: see `household()`; in memory for counting only. @throws SfuError `media-unavailable` */
  async begin(household: string, { versions }: RequestOf<'probe'>, socket: AsideSocket): Promise<BegunProbe> {
    const version = negotiateVersion(versions)
    if (version === null) return { ok: false, code: 'version-unsupported' }
    if (!this.#mayBegin(household)) return { ok: false, code: 'probe-busy' }
    const leave = this.#enter(household)
    try {
      const room = await this.#options.sfu.createRoom({ onLost: () => socket.over('media-unavailable') })
      const aside = this.#start(room, socket, leave)
      const { rtpCapabilities: routerRtp } = room
      return { ok: true, aside, result: { version, routerRtp, mediaPorts: [...this.#options.mediaPorts] } }
    } catch (error) {
      leave()
      throw error
    }
  }

  #start(room: SfuRoom, socket: AsideSocket, leave: () => void): Probe {
    const callOff = this.#options.clock.schedule(() => socket.over('probe-over'), PROBE.lastsMs)
    return new Probe({
      room,
      peers: { send: randomPeer(), receive: randomPeer() },
      tell: (text) => socket.tell(text),
      onEnd: () => {
        callOff()
        leave()
      },
    })
  }

  #mayBegin(household: string): boolean {
    const { most, clock } = this.#options
    const own = this.#running.get(household) ?? 0
    if (this.#count >= most || own >= Math.ceil(most / 2)) return false
    return take(this.#bucketOf(household, clock.now()), PER_HOUSEHOLD, clock.now())
  }

  #enter(household: string): () => void {
    this.#count += 1
    this.#running.set(household, (this.#running.get(household) ?? 0) + 1)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#count -= 1
      const left = (this.#running.get(household) ?? 1) - 1
      if (left > 0) this.#running.set(household, left)
      else this.#running.delete(household)
    }
  }

  /** The oldest are forgotten first: who fills the table frees nobody but those who have long been quiet. */
  #bucketOf(household: string, now: number): Bucket {
    const bucket = this.#asked.get(household) ?? fullBucket(PER_HOUSEHOLD, now)
    this.#asked.delete(household)
    this.#asked.set(household, bucket)
    const oldest = this.#asked.keys().next()
    if (this.#asked.size > MOST_HOUSEHOLDS && !oldest.done) this.#asked.delete(oldest.value)
    return bucket
  }
}

const randomPeer = (): PeerId => PeerId.parse(randomBytes(16).toString('base64url'))
