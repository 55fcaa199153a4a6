/**
 * The user agent (RFC 3261 §8.2): takes whole messages, says what to send and what the calls do. Pure but for the
 * random bytes it is given. Whoever is not admitted is answered without a trace in memory (§8.2.7), so that a flood
 * cannot fill it. It answers calls and never makes any; REFER and everything that would dial is refused (TEL7).
 */
import { ALLOW, CallLeg } from './call-leg.ts'
import { decodeSip } from './decode-sip.ts'
import { challenges, makeNonce } from './digest.ts'
import { readDtmf } from './dtmf-info.ts'
import type { ResponseOptions } from './encode-sip.ts'
import { encodeResponse } from './encode-sip.ts'
import { judgeInvite, judgeRequest } from './judge-request.ts'
import type { SipPeer } from './peer.ts'
import type { RequestView } from './request-view.ts'
import { viewRequest } from './request-view.ts'
import { ResponseCache } from './response-cache.ts'
import type { SipRequest, SipResponse } from './sip-message.ts'
import { header } from './sip-message.ts'
import type { Ms } from './timers.ts'
import type { Trunk, Trunks } from './trunks.ts'

export type CallEnd = 'bye' | 'cancelled' | 'lost' | 'hung-up'

export type SipAction<T> =
  | { t: 'send'; to: SipPeer; bytes: Uint8Array }
  /** A call to answer: `accept` or `refuse`. An empty `sdp`: the offer is ours to make. */
  | { t: 'offered'; call: number; trunk: T; view: RequestView; peer: SipPeer; sdp: Uint8Array }
  /** Another offer within a call that stands, to be answered alike. */
  | { t: 'offered-again'; call: number; sdp: Uint8Array }
  | { t: 'confirmed'; call: number; sdp: Uint8Array }
  | { t: 'dtmf'; call: number; key: string }
  | { t: 'ended'; call: number; why: CallEnd }

export interface SipAgentOptions<T extends Trunk> {
  trunks: Trunks<T>
  /** Our own URI as that peer reaches it. */
  contactFor(peer: SipPeer): string
  random(sizeBytes: number): Uint8Array
  /** Refuses a new call for want of room, or null. */
  admit(trunk: T, view: RequestView, now: Ms): ResponseOptions | null
}

const NOT_THERE: ResponseOptions = { status: 481, reason: 'Call/Transaction Does Not Exist' }
const OK: ResponseOptions = { status: 200, reason: 'OK' }

export class SipAgent<T extends Trunk> {
  readonly #options: SipAgentOptions<T>
  readonly #legs = new Map<string, CallLeg>()
  readonly #byId = new Map<number, CallLeg>()
  readonly #answers = new ResponseCache()
  #nextId = 1
  #actions: SipAction<T>[] = []
  #now: Ms = 0

  constructor(options: SipAgentOptions<T>) {
    this.#options = options
  }

  /** What is kept, for a test that looks whether it is bounded. */
  get kept(): { calls: number; answers: number } {
    return { calls: this.#legs.size, answers: this.#answers.size }
  }

  /** One datagram, or one message of a stream. */
  receive(now: Ms, peer: SipPeer, bytes: Uint8Array): SipAction<T>[] {
    return this.#step(now, () => {
      if (!this.#options.trunks.knows(peer)) return
      const message = decodeSip(bytes)
      if (message?.kind === 'response') this.#handleResponse(message, peer)
      if (message?.kind === 'request') this.#handleRequest(message, peer)
    })
  }

  accept(now: Ms, call: number, sdp: Uint8Array): SipAction<T>[] {
    return this.#step(now, () => {
      const leg = this.#byId.get(call)
      if (leg?.state !== 'offered') return
      this.#answer(leg.invite, leg.peer, leg.accept(now, sdp))
    })
  }

  refuse(now: Ms, call: number, options: ResponseOptions): SipAction<T>[] {
    return this.#step(now, () => {
      const leg = this.#byId.get(call)
      if (leg?.state !== 'offered') return
      const keep = leg.invite.toTag !== null
      this.#answer(leg.invite, leg.peer, leg.refuse(now, options, keep))
    })
  }

  hangUp(now: Ms, call: number): SipAction<T>[] {
    return this.#step(now, () => {
      const leg = this.#byId.get(call)
      if (!leg) return
      if (leg.state === 'offered') {
        const refusal = { status: 480, reason: 'Temporarily Unavailable' }
        this.#answer(leg.invite, leg.peer, leg.refuse(now, refusal))
      } else {
        const bye = leg.hangUp(now, this.#branch())
        if (bye) this.#send(leg.peer, bye)
      }
      this.#actions.push({ t: 'ended', call, why: 'hung-up' })
    })
  }

  /** To be called every 100 ms or so. */
  tick(now: Ms): SipAction<T>[] {
    return this.#step(now, () => {
      this.#answers.expire(now)
      for (const leg of this.#byId.values()) {
        const stood = leg.state === 'answered'
        const { send, lost } = leg.poll(now, () => this.#branch())
        if (send) this.#send(leg.peer, send)
        if (lost && stood) this.#actions.push({ t: 'ended', call: leg.id, why: 'lost' })
        this.#forgetIfGone(leg)
      }
    })
  }

  #step(now: Ms, run: () => void): SipAction<T>[] {
    this.#now = now
    this.#actions = []
    run()
    return this.#actions
  }

  #handleRequest(request: SipRequest, peer: SipPeer): void {
    const view = viewRequest(request)
    if (!view) {
      this.#refuseFault(request, peer)
      return
    }
    const leg = this.#legs.get(view.dialog)
    if (request.method === 'ACK') {
      this.#handleAck(view, leg)
      return
    }
    const answered = this.#answers.get(view.transaction, this.#now)
    if (answered) {
      this.#send(peer, answered)
      return
    }
    const answer = judgeRequest(view) ?? this.#carryOut(view, peer, leg)
    if (answer) this.#reply(view, peer, answer)
  }

  /** What to answer; null where that was done, or nobody is to be answered. */
  #carryOut(view: RequestView, peer: SipPeer, leg: CallLeg | undefined): ResponseOptions | null {
    const { method } = view.request
    if (method === 'CANCEL') return this.#handleCancel(view, peer, leg)
    if (view.toTag !== null) return this.#handleWithin(view, peer, leg)
    if (method === 'INVITE') return this.#handleInvite(view, peer, leg)
    return method === 'OPTIONS' ? CAPABILITIES : NOT_THERE
  }

  /** Nobody answers an ACK. */
  #refuseFault(request: SipRequest, peer: SipPeer): void {
    if (request.method === 'ACK' || !request.fault) return
    this.#send(peer, encodeResponse(request, peer, { ...request.fault, tag: this.#statelessTag(request) }))
  }

  #handleInvite(view: RequestView, peer: SipPeer, leg: CallLeg | undefined): ResponseOptions | null {
    const { trunks, admit, contactFor } = this.#options
    if (leg?.invite.transaction === view.transaction) return TRYING
    if (leg) return { status: 482, reason: 'Loop Detected' }
    const admitted = trunks.admit(view, peer, this.#now)
    if (!admitted.ok && admitted.code === 'unknown') return null
    if (!admitted.ok) {
      const headers = challenges(makeNonce(trunks.secret, this.#now, view.callId))
      return { status: 401, reason: 'Unauthorized', headers }
    }
    const refusal = judgeInvite(view) ?? admit(admitted.trunk, view, this.#now)
    if (refusal) return refusal
    const contact = contactFor(peer)
    const made = new CallLeg({ id: this.#nextId, view, peer, tag: this.#token(), contact })
    this.#nextId += 1
    this.#legs.set(made.dialog, made)
    this.#byId.set(made.id, made)
    this.#reply(view, peer, TRYING)
    const { body: sdp } = view.request
    this.#actions.push({ t: 'offered', call: made.id, trunk: admitted.trunk, view, peer, sdp })
    return null
  }

  #handleAck(view: RequestView, leg: CallLeg | undefined): void {
    if (!leg || (view.toTag !== null && view.toTag !== leg.tag)) return
    const stands = leg.acknowledge(view)
    if (stands && leg.byeWanted) {
      const bye = leg.hangUp(this.#now, this.#branch())
      if (bye) this.#send(leg.peer, bye)
    } else if (stands) this.#actions.push({ t: 'confirmed', call: leg.id, sdp: view.request.body })
    this.#forgetIfGone(leg)
  }

  /** A CANCEL that comes too late is answered and changes nothing (§9.2). */
  #handleCancel(view: RequestView, peer: SipPeer, leg: CallLeg | undefined): ResponseOptions | null {
    const invite = view.transaction.replace(/^CANCEL\n/, 'INVITE\n')
    if (leg?.invite.transaction !== invite) return NOT_THERE
    this.#reply(view, peer, OK, leg.tag)
    if (leg.state !== 'offered') return null
    const again = leg.invite.toTag !== null
    const bytes = leg.refuse(this.#now, { status: 487, reason: 'Request Terminated' }, again)
    this.#answer(leg.invite, leg.peer, bytes)
    if (!again) this.#actions.push({ t: 'ended', call: leg.id, why: 'cancelled' })
    return null
  }

  /** A request in a dialog: of the side that called, from where it called (§12.2.2). */
  #handleWithin(view: RequestView, peer: SipPeer, leg: CallLeg | undefined): ResponseOptions | null {
    const ours = view.toTag === leg?.tag && peer.address === leg?.peer.address
    if (!leg || !ours || leg.state === 'refused') return NOT_THERE
    if (!leg.follows(view)) return { status: 500, reason: 'Out Of Order' }
    const { method } = view.request
    if (method === 'BYE') return this.#handleBye(view, peer, leg)
    if (method === 'INVITE') return this.#handleReinvite(view, peer, leg)
    if (method !== 'INFO') return method === 'OPTIONS' ? CAPABILITIES : NOT_THERE
    const key = readDtmf(view.request)
    if (key === null) return { status: 415, reason: 'Unsupported Media Type' }
    if (key !== '' && leg.state === 'talking') this.#actions.push({ t: 'dtmf', call: leg.id, key })
    return OK
  }

  #handleBye(view: RequestView, peer: SipPeer, leg: CallLeg): null {
    this.#reply(view, peer, OK)
    if (leg.state !== 'ending') this.#actions.push({ t: 'ended', call: leg.id, why: 'bye' })
    leg.end()
    this.#forgetIfGone(leg)
    return null
  }

  #handleReinvite(view: RequestView, peer: SipPeer, leg: CallLeg): ResponseOptions | null {
    if (leg.state !== 'talking') return { status: 491, reason: 'Request Pending' }
    const refusal = judgeInvite(view)
    if (refusal) return refusal
    leg.offerAgain(view, peer)
    this.#reply(view, peer, TRYING)
    this.#actions.push({ t: 'offered-again', call: leg.id, sdp: view.request.body })
    return null
  }

  /** The only requests of ours are BYEs. */
  #handleResponse(response: SipResponse, peer: SipPeer): void {
    if (response.status < 200) return
    const callId = header(response, 'call-id')
    for (const leg of this.#byId.values()) {
      if (leg.state !== 'ending' || leg.invite.callId !== callId || leg.peer.address !== peer.address)
        continue
      leg.end()
      this.#forgetIfGone(leg)
    }
  }

  #forgetIfGone(leg: CallLeg): void {
    if (leg.state !== 'gone') return
    this.#legs.delete(leg.dialog)
    this.#byId.delete(leg.id)
  }

  /** A final answer that is remembered only where a call stands behind it. */
  #reply(view: RequestView, peer: SipPeer, options: ResponseOptions, tag?: string): void {
    const bytes = encodeResponse(view.request, peer, {
      ...options,
      ...(options.status === 100 ? {} : { tag: tag ?? this.#statelessTag(view.request) }),
    })
    if (options.status >= 200 && this.#legs.has(view.dialog))
      this.#answers.set(view.transaction, bytes, this.#now)
    this.#send(peer, bytes)
  }

  #answer(view: RequestView, peer: SipPeer, bytes: Uint8Array): void {
    this.#answers.set(view.transaction, bytes, this.#now)
    this.#send(peer, bytes)
  }

  #send(to: SipPeer, bytes: Uint8Array): void {
    this.#actions.push({ t: 'send', to, bytes })
  }

  #token(): string {
    return Buffer.from(this.#options.random(16)).toString('hex')
  }

  #branch(): string {
    return `z9hG4bK${this.#token()}`
  }

  /** The same for a request sent again, without remembering it (§8.2.7). */
  #statelessTag(request: SipRequest): string {
    const { secret } = this.#options.trunks
    return makeNonce(secret, 0, `${header(request, 'via')}${header(request, 'call-id')}`).slice(2)
  }
}

const TRYING: ResponseOptions = { status: 100, reason: 'Trying' }
const CAPABILITIES: ResponseOptions = {
  ...OK,
  headers: [
    { name: 'allow', value: ALLOW },
    { name: 'accept', value: 'application/sdp' },
    { name: 'accept-encoding', value: 'identity' },
  ],
}
