/**
 * Tickets to one room (TEL9): what a telephone bridge shows instead of the link's `access`, for the meeting that it was
 * invited to and no other. Kept as hashes, compared in constant time, and worth nothing once that group has ended.
 */
import { randomBytes } from 'node:crypto'
import type { GroupId } from '@huisclos/protocol'
import { hashesTo, sha256 } from '../policy/secret-match.ts'
import type { Bucket, Rate } from '../policy/token-bucket.ts'
import { fullBucket, take } from '../policy/token-bucket.ts'

/** Of invitations in one room. */
const INVITATIONS: Rate = { perSecond: 0.2, burst: 8 }
const MOST_TICKETS = 16

export class BridgeTickets {
  readonly #bucket: Bucket
  #tickets: { hash: Buffer; group: GroupId; mailbox: string }[] = []

  constructor(now: number) {
    this.#bucket = fullBucket(INVITATIONS, now)
  }

  /** A fresh ticket; null when there are too many, or too many in a short time. */
  issue(group: GroupId, mailbox: string, now: number): Buffer | null {
    if (this.#tickets.length >= MOST_TICKETS || !take(this.#bucket, INVITATIONS, now)) return null
    const secret = randomBytes(32)
    this.#tickets.push({ hash: sha256(secret), group, mailbox })
    return secret
  }

  /** The bridge did not take it. */
  withdraw(secret: Buffer): void {
    this.#tickets = this.#tickets.filter(({ hash }) => !hashesTo(secret, hash))
  }

  /** `group`: the one that lives now. Gives the meetings that have ended, one of each mailbox. */
  forgetBut(group: GroupId | null): { group: GroupId; mailbox: string }[] {
    const ended = this.#tickets.filter((ticket) => ticket.group !== group)
    if (ended.length === 0) return []
    this.#tickets = this.#tickets.filter((ticket) => ticket.group === group)
    return [...new Map(ended.map((ticket) => [`${ticket.group} ${ticket.mailbox}`, ticket])).values()]
  }

  /** `group`: the one that lives now. */
  admits(secret: Uint8Array, group: GroupId | null): boolean {
    return this.#tickets.reduce(
      (found, ticket) => (hashesTo(secret, ticket.hash) && ticket.group === group) || found,
      false,
    )
  }
}
