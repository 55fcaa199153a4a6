/**
 * Messages out of a stream (RFC 3261 §18.3): by the head's end and its Content-Length, each capped before it is kept.
 * Line breaks between messages are keep-alives (RFC 5626 §3.5.1).
 */
import { findHead, MAX_BODY_BYTES, MAX_HEAD_BYTES } from './decode-sip.ts'

export type Framed = { t: 'message'; bytes: Uint8Array } | { t: 'ping' }

const CRLF = '\r\n'

export class StreamFramer {
  #kept: Buffer = Buffer.alloc(0)

  /** Null: the stream cannot be followed any further and is to be closed. */
  push(chunk: Uint8Array): Framed[] | null {
    this.#kept = Buffer.concat([this.#kept, chunk])
    const found: Framed[] = []
    for (;;) {
      this.#skipBreaks(found)
      const head = findHead(this.#kept)
      if (!head) return this.#kept.length >= MAX_HEAD_BYTES ? null : found
      const bodyBytes = announcedBytes(this.#kept.toString('latin1', 0, head.headBytes))
      if (bodyBytes === null) return null
      const end = head.headBytes + bodyBytes
      if (this.#kept.length < end) return found
      found.push({ t: 'message', bytes: new Uint8Array(this.#kept.subarray(0, end)) })
      this.#kept = this.#kept.subarray(end)
    }
  }

  #skipBreaks(found: Framed[]): void {
    let at = 0
    while (this.#kept.toString('latin1', at, at + 2) === CRLF) at += 2
    if (at >= 4 && found.length === 0) found.push({ t: 'ping' })
    this.#kept = this.#kept.subarray(at)
  }
}

/** On a stream the field is a must (§18.3). Null when it is missing, contradicts itself or is too large. */
function announcedBytes(head: string): number | null {
  const values = [...head.matchAll(/^(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?$/gim)].map(([, n]) =>
    Number(n),
  )
  const [first] = values
  if (first === undefined || values.some((one) => one !== first) || first > MAX_BODY_BYTES) return null
  return first
}
