/**
 * ROS2: when to say "I am here", who has gone silent, and whether the others still hear us. Time is an argument; holds
 * no clock. What the server says of who is connected never makes us send: it can only keep us from leaving.
 *
 * Who must hear us: any host that is not silent itself. Where every other host is silent, strictly more than half of the
 * others, hosts counted as deaf: a server that cuts one sender off from the hosts must not keep it talking to a person
 * whose removal it withholds. Where nobody else hosts, somebody, and half of all with oneself. For leaving, silent hosts
 * are left out: nobody's silence may end the meeting for others.
 */
import type { Ms } from './ports.ts'

export interface BeatMember {
  leaf: number
  pseudonym: string
  host: boolean
}

export interface BeatSituation {
  now: Ms
  self: string
  members: readonly BeatMember[]
  /** Pseudonyms whose connection the server says is there. */
  connected: ReadonlySet<string>
}

/** `host-silent`: heard, though by no host. */
export type Hearing = 'heard' | 'host-silent' | 'unheard' | 'given-up'

const HEARD_MS = 25_000
const LEAVE_MS = 100_000

/** max(10 s, N / 10 s). */
export const beatIntervalMs = (members: number): Ms => Math.max(10_000, members * 100)
/** At more than 100 members an echo takes two intervals, so the bounds grow with them. */
const heardWithinMs = (members: number): Ms => Math.max(HEARD_MS, 2.5 * beatIntervalMs(members))
const leaveAfterMs = (members: number): Ms => Math.max(LEAVE_MS, 10 * beatIntervalMs(members))

interface Heard {
  joinedAt: Ms
  at: Ms
  /** The time of our newest number that this member has echoed; when it came in, before any. */
  echoOf: Ms
  /** The same, null before any. */
  echoed: Ms | null
}

export class Heartbeat {
  readonly #heard = new Map<string, Heard>()
  #sent: { n: number; at: Ms }[] = []
  /** Since when somebody has had to hear us. */
  #since: Ms = 0
  /** When the socket came back: before that nobody could hear us, so leaving counts from here. */
  #resumedAt: Ms = 0
  /** A strike brought these back: until others echo what was sent after `at`, nobody hears us (ORD3). */
  #doubt: { at: Ms; restored: ReadonlySet<string> } | null = null

  start(now: Ms): void {
    this.#heard.clear()
    this.#sent = []
    this.#since = now
    this.#resumedAt = now
    this.#doubt = null
  }

  /** A removal was struck: it may be the server's lie, and `restored` have nothing to say about it. */
  doubt(now: Ms, restored: ReadonlySet<string>): void {
    this.#doubt = { at: now, restored: new Set([...(this.#doubt?.restored ?? []), ...restored]) }
  }

  resumed(now: Ms): void {
    this.#resumedAt = now
  }

  /** Whoever is new has until now owed nothing; whoever is gone owes nothing any more. */
  members(now: Ms, members: readonly BeatMember[]): void {
    const present = new Set(members.map((m) => m.pseudonym))
    for (const key of [...this.#heard.keys()]) if (!present.has(key)) this.#heard.delete(key)
    for (const { pseudonym } of members) {
      if (!this.#heard.has(pseudonym))
        this.#heard.set(pseudonym, { joinedAt: now, at: now, echoOf: now, echoed: null })
    }
    if (members.length <= 1) this.#since = now
  }

  sent(n: number, now: Ms): void {
    this.#sent.push({ n, at: now })
    if (this.#sent.length > 64) this.#sent.shift()
  }

  /** Any message from a member shows that it lives; `echoed` is the last of our numbers that it had, from its beat. */
  heard(pseudonym: string, now: Ms, echoed: number | null): void {
    const member = this.#heard.get(pseudonym)
    if (!member) return
    member.at = now
    if (echoed === null) return
    for (const { n, at } of this.#sent) {
      if (n > echoed) continue
      member.echoOf = Math.max(member.echoOf, at)
      member.echoed = Math.max(member.echoed ?? at, at)
    }
  }

  silent(pseudonym: string, now: Ms, members: number): boolean {
    const member = this.#heard.get(pseudonym)
    return member !== undefined && now - member.at > heardWithinMs(members) + beatIntervalMs(members) / 2
  }

  /** `unheard`: send nothing. `given-up`: leave. */
  hearing(situation: BeatSituation): Hearing {
    const { now, members, self, connected } = situation
    const others = members.filter((m) => m.pseudonym !== self)
    if (others.length === 0) return 'heard'
    const count = members.length
    const awake = others.filter((m) => m.host && !this.silent(m.pseudonym, now, count))
    const hosted = others.some(({ host }) => host)
    const enough = (among: readonly BeatMember[], hears: Hears): boolean => {
      const hosts = among.filter((m) => awake.includes(m))
      if (hosts.length > 0) return hosts.some(hears)
      return hosted ? mostHear(among, hears) : halfHear(among, hears)
    }
    this.#settleDoubt(others, enough)
    if (this.#doubt === null && enough(others, this.#within(now, this.#since, heardWithinMs(count))))
      return hosted && awake.length === 0 ? 'host-silent' : 'heard'
    const reachable = others.filter((m) => connected.has(m.pseudonym))
    const heardLately = this.#within(now, Math.max(this.#since, this.#resumedAt), leaveAfterMs(count))
    const deciding = awake.filter((m) => reachable.includes(m))
    if (deciding.length > 0) return deciding.some(heardLately) ? 'unheard' : 'given-up'
    return reachable.filter(heardLately).length * 2 >= reachable.length ? 'unheard' : 'given-up'
  }

  /** Over when enough of those who were never away have echoed, or when whoever was brought back is gone again. */
  #settleDoubt(
    others: readonly BeatMember[],
    enough: (among: readonly BeatMember[], hears: Hears) => boolean,
  ): void {
    const doubt = this.#doubt
    if (doubt === null) return
    const among = others.filter((m) => !doubt.restored.has(m.pseudonym))
    const hears: Hears = ({ pseudonym }) => (this.#heard.get(pseudonym)?.echoed ?? doubt.at) > doubt.at
    if (among.length === others.length || enough(among, hears)) this.#doubt = null
  }

  #within(now: Ms, since: Ms, withinMs: Ms): (member: BeatMember) => boolean {
    return ({ pseudonym }) => {
      const echoOf = this.#heard.get(pseudonym)?.echoOf ?? 0
      return now - Math.max(echoOf, since) <= withinMs
    }
  }
}

type Hears = (member: BeatMember) => boolean

/** Where all other hosts are silent. */
const mostHear = (others: readonly BeatMember[], hears: Hears): boolean =>
  others.filter((m) => !m.host && hears(m)).length * 2 > others.length

/** Where nobody else hosts: oneself counts, but alone is not enough. */
function halfHear(others: readonly BeatMember[], hears: Hears): boolean {
  const hearing = others.filter(hears).length
  return hearing > 0 && (hearing + 1) * 2 >= others.length + 1
}
