/**
 * ROS2: whether more frames opened in a member's name than it sent. All members hold the same base key, so one of them
 * could make frames of another for a server that forwards them (FRM5 cannot tell); but a beat names the highest counter
 * that each stream of its sender has used. A beat that echoes number `n` was written after we had sent `n`, so what had
 * opened before `n` must lie within it. Rests on no clock: a late or held back beat proves as much.
 */
/** The highest counter that opened of a stream in an epoch, as the media adapter tells it. */
export interface HeardStream {
  leaf: number
  stream: number
  epoch: number
  /** Decimal. */
  counter: string
}

export interface Heard {
  pseudonym: string
  stream: number
  counter: bigint
}

const KEPT = 16

interface Present {
  epoch: number
  members: readonly { leaf: number; pseudonym: string }[]
}

export class CounterCheck {
  /** By pseudonym: the first epoch that this member was seen in. */
  #since = new Map<string, number>()
  #taken: { n: number; heard: Heard[] }[] = []

  restart(): void {
    this.#taken = []
    this.#since.clear()
  }

  /** Who is in the group from this epoch on. */
  present({ epoch, members }: Present): void {
    const before = this.#since
    this.#since = new Map(members.map(({ pseudonym }) => [pseudonym, before.get(pseudonym) ?? epoch]))
  }

  /** Whose frames those were: what opened before a member was there is of who had that leaf before, or of nobody here. */
  attribute(heard: readonly HeardStream[], members: Present['members']): Heard[] {
    return heard.flatMap(({ leaf, stream, epoch, counter }) => {
      const pseudonym = members.find((member) => member.leaf === leaf)?.pseudonym ?? ''
      const since = this.#since.get(pseudonym)
      return since === undefined || epoch < since ? [] : [{ pseudonym, stream, counter: BigInt(counter) }]
    })
  }

  /** What had opened before our message `n` was written. */
  sent(n: number, heard: Heard[]): void {
    this.#taken = [...this.#taken, { n, heard }].slice(-KEPT)
  }

  /** False: frames opened in this member's name that it did not send. Streams that its beat does not name are ended. */
  holds(
    pseudonym: string,
    beat: { echoed: number; counters: readonly (readonly [number, string])[] },
  ): boolean {
    const before = this.#taken.findLast(({ n }) => n <= beat.echoed)
    const sent = new Map(beat.counters.map(([stream, counter]) => [stream, BigInt(counter)]))
    return !before?.heard.some((heard) => {
      const highest = sent.get(heard.stream)
      return heard.pseudonym === pseudonym && highest !== undefined && heard.counter > highest
    })
  }
}
