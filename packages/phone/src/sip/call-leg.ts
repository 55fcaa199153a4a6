/**
 * One call as SIP has it: the dialog of an INVITE that was let in (RFC 3261 §12, §13.3, §15) and whatever of it is sent
 * again until it is answered. Pure: time enters, bytes to send leave. It never opens a dialog itself (TEL7).
 */
import type { ResponseOptions } from './encode-sip.ts'
import { encodeResponse, encodeSip } from './encode-sip.ts'
import { parseNameAddr } from './header-fields.ts'
import type { SipPeer } from './peer.ts'
import { isReliable } from './peer.ts'
import type { RequestView } from './request-view.ts'
import type { SipHeader } from './sip-message.ts'
import { header, headerList } from './sip-message.ts'
import type { Ms } from './timers.ts'
import { Resending } from './timers.ts'

export const ALLOW = 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO'

/** `refused`: a final answer other than 200 waits for its ACK. `ending`: our BYE waits for its answer. */
export type LegState = 'offered' | 'answered' | 'talking' | 'refused' | 'ending' | 'gone'

export interface LegOptions {
  id: number
  view: RequestView
  peer: SipPeer
  /** Ours; 128 random bits, so that whoever was not told it cannot speak in this dialog. */
  tag: string
  /** Our own URI, as this peer reaches it. */
  contact: string
}

export class CallLeg {
  readonly id: number
  readonly dialog: string
  readonly tag: string
  state: LegState = 'offered'
  /** Where the dialog's requests come from, and ours go. */
  peer: SipPeer
  /** The INVITE that waits for an answer or for its ACK. */
  invite: RequestView
  readonly #contact: string
  readonly #route: readonly string[]
  #target: string
  #resending: Resending | null = null
  #byeWanted = false
  #sequence = 0
  #remoteSequence: number

  constructor({ id, view, peer, tag, contact }: LegOptions) {
    this.id = id
    this.dialog = view.dialog
    this.tag = tag
    this.peer = peer
    this.invite = view
    this.#contact = contact
    this.#route = headerList(view.request, 'record-route')
    this.#target = targetOf(view) ?? view.from.uri
    this.#remoteSequence = view.sequence.number
  }

  /** A request within this dialog that is not older than one seen before (§12.2.2). */
  follows({ sequence }: RequestView): boolean {
    if (sequence.number < this.#remoteSequence) return false
    this.#remoteSequence = sequence.number
    return true
  }

  /** A re-INVITE. Answered like the first. */
  offerAgain(view: RequestView, peer: SipPeer): void {
    this.invite = view
    this.peer = peer
    this.#target = targetOf(view) ?? this.#target
    this.state = 'offered'
    this.#resending = null
  }

  accept(now: Ms, sdp: Uint8Array): Uint8Array {
    const bytes = this.#respond({
      status: 200,
      reason: 'OK',
      headers: [...this.#own(), { name: 'content-type', value: 'application/sdp' }],
      body: sdp,
    })
    // A 200 to an INVITE is sent again until its ACK, reliable transport or not (§13.3.1.4).
    this.#resending = new Resending(bytes, now, true)
    this.state = 'answered'
    return bytes
  }

  /** Refuses the INVITE at hand. The refusal of a re-INVITE ends nothing: `keep`. */
  refuse(now: Ms, options: ResponseOptions, keep = false): Uint8Array {
    const bytes = this.#respond(options)
    this.#resending = new Resending(bytes, now, !isReliable(this.peer))
    this.state = keep ? 'talking' : 'refused'
    if (keep) this.#resending = null
    return bytes
  }

  /** True when this ACK says that the call stands. */
  acknowledge(view: RequestView): boolean {
    if (view.sequence.number !== this.invite.sequence.number) return false
    if (this.state === 'refused') this.#end()
    if (this.state !== 'answered') return false
    this.state = 'talking'
    this.#resending = null
    return true
  }

  /** Our BYE: at once, or when the ACK is there (§15). Null: not yet, or not any more. */
  hangUp(now: Ms, branch: string): Uint8Array | null {
    if (this.state === 'answered') this.#byeWanted = true
    if (this.state !== 'talking') return null
    return this.#bye(now, branch)
  }

  get byeWanted(): boolean {
    return this.#byeWanted && this.state === 'talking'
  }

  /** The other side hung up, or answered our BYE. */
  end(): void {
    this.#end()
  }

  /** What is to be sent again, and whether the call is over because nothing came back. */
  poll(now: Ms, branch: () => string): { send: Uint8Array | null; lost: boolean } {
    const todo = this.#resending?.poll(now) ?? 'wait'
    if (todo === 'again') return { send: this.#resending?.bytes ?? null, lost: false }
    if (todo === 'wait') return { send: null, lost: false }
    if (this.state !== 'answered') {
      this.#end()
      return { send: null, lost: true }
    }
    // §13.3.1.4: no ACK came; the call ends with a BYE all the same.
    return { send: this.#bye(now, branch()), lost: true }
  }

  #bye(now: Ms, branch: string): Uint8Array {
    this.#sequence += 1
    const { from, to, callId } = this.invite
    const peer = this.peer
    const tagged = header(this.invite.request, 'to') ?? `<${to.uri}>`
    const bytes = encodeSip({
      kind: 'request',
      method: 'BYE',
      uri: this.#target,
      headers: [
        {
          name: 'via',
          value: `SIP/2.0/${peer.transport.toUpperCase()} ${hostOf(this.#contact)};branch=${branch};rport`,
        },
        { name: 'max-forwards', value: '70' },
        ...this.#route.map((value) => ({ name: 'route', value })),
        { name: 'from', value: to.params.has('tag') ? tagged : `${tagged};tag=${this.tag}` },
        { name: 'to', value: header(this.invite.request, 'from') ?? `<${from.uri}>` },
        { name: 'call-id', value: callId },
        { name: 'cseq', value: `${this.#sequence} BYE` },
      ],
      body: new Uint8Array(),
      fault: null,
    })
    this.#resending = new Resending(bytes, now, !isReliable(peer))
    this.state = 'ending'
    return bytes
  }

  #own(): SipHeader[] {
    return [
      ...this.invite.request.headers.filter(({ name }) => name === 'record-route'),
      { name: 'contact', value: `<${this.#contact}>` },
      { name: 'allow', value: ALLOW },
      { name: 'accept', value: 'application/sdp' },
    ]
  }

  #respond(options: ResponseOptions): Uint8Array {
    return encodeResponse(this.invite.request, this.peer, { tag: this.tag, ...options })
  }

  #end(): void {
    this.state = 'gone'
    this.#resending = null
  }
}

function targetOf(view: RequestView): string | null {
  return parseNameAddr(headerList(view.request, 'contact')[0] ?? '')?.uri ?? null
}

/** `host:port` of our own URI. */
const hostOf = (contact: string) =>
  contact
    .replace(/^sips?:/, '')
    .replace(/^[^@]*@/, '')
    .replace(/;.*$/, '')
