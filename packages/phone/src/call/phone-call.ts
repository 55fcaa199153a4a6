/**
 * One caller: brings together what it lives through (call-flow.ts), its sound (call-media.ts) and its seat. Driven by
 * the bridge's pulse, 20 ms at a time. Ends the call after 30 s without a packet, or half an hour on hold (TEL7). Nothing
 * of a caller on hold reaches the meeting: it is their telephone system's music. No PIN outlives its check.
 */
import type { Direction } from '../media/call-channel.ts'
import type { CallMedia } from '../media/call-media.ts'
import type { Attempts } from './attempts.ts'
import type { FlowAction, FlowInput, Language } from './call-flow.ts'
import { CallFlow } from './call-flow.ts'
import type { Caller, MeetingDoor, MeetingSeat } from './meeting-door.ts'
import { PromptPlayer } from './prompts.ts'

export interface PhoneCallOptions {
  caller: Caller
  language: Language
  door: MeetingDoor
  attempts: Attempts
  now(): number
  /** A packet towards the caller. */
  send(packet: Uint8Array): void
  hangUp(): void
}

export const SILENCE_MS = 30_000
export const HOLD_MS = 30 * 60_000
const BOTH_WAYS: Direction = { sends: true, receives: true }
const SILENT_FRAME = new Int16Array(320)

export class PhoneCall {
  readonly #options: PhoneCallOptions
  readonly #flow: CallFlow
  readonly #player = new PromptPlayer()
  #media: CallMedia | null = null
  #seat: MeetingSeat | null = null
  #heard = 0
  #heardAt: number
  #direction = BOTH_WAYS
  #over = false

  constructor(options: PhoneCallOptions) {
    this.#options = options
    this.#flow = new CallFlow(options.language)
    this.#heardAt = options.now()
  }

  /** Where the caller is; for figures and tests. */
  get at(): CallFlow['at'] {
    return this.#flow.at
  }

  /** What a re-INVITE agreed upon takes the former's place. */
  use(media: CallMedia, direction: Direction = BOTH_WAYS): void {
    const before = this.#media
    this.#media = media
    this.#direction = direction
    this.#heard = 0
    this.#heardAt = this.#options.now()
    if (!before) this.#step({ t: 'start' })
  }

  key(key: string): void {
    this.#step({ t: 'key', key })
  }

  /** Sound one way and the other. To be called every 20 ms. */
  pulse(): void {
    const media = this.#media
    if (!media || this.#over) return
    if (this.#isSilent(media)) {
      this.#options.hangUp()
      return
    }
    const { receives } = this.#direction
    const spoken = receives ? media.frame() : SILENT_FRAME
    if (this.#flow.at === 'inside') this.#seat?.speak(spoken)
    const was = this.#player.playing
    const prompt = this.#player.frame()
    if (was && !this.#player.playing) this.#step({ t: 'played' })
    if (receives) this.#options.send(media.packet(prompt ?? this.#fromMeeting()))
    this.#step({ t: 'tick' })
  }

  /** The call is over, whoever ended it. */
  close(): void {
    this.#over = true
    this.#seat?.leave()
    this.#seat = null
    this.#media = null
  }

  /** For too long. On hold a telephone may send music all the while, or nothing. */
  #isSilent(media: CallMedia): boolean {
    const { sends, receives } = this.#direction
    const now = this.#options.now()
    const held = !sends || !receives
    if (media.heard !== this.#heard && !held) this.#heardAt = now
    this.#heard = media.heard
    return now - this.#heardAt >= (held ? HOLD_MS : SILENCE_MS)
  }

  #fromMeeting(): Int16Array {
    return this.#flow.at === 'inside' && this.#seat ? this.#seat.listen() : SILENT_FRAME
  }

  #step(input: FlowInput): void {
    if (this.#over) return
    for (const action of this.#flow.step(this.#options.now(), input)) this.#act(action)
  }

  #act(action: FlowAction): void {
    switch (action.t) {
      case 'play':
        this.#play(action.prompts)
        break
      case 'check':
        void this.#check(action.pin)
        break
      case 'mute':
        this.#seat?.setMuted(action.muted)
        break
      case 'hand':
        this.#seat?.setHand(action.up)
        break
      case 'hang-up':
        this.#options.hangUp()
    }
  }

  /** How to change the language is said in the other one. */
  #play(prompts: Extract<FlowAction, { t: 'play' }>['prompts']): void {
    const { language } = this.#flow
    const other = language === 'en' ? 'fr' : 'en'
    this.#player.play(
      prompts.map((prompt) => ({ language: prompt === 'language' ? other : language, prompt })),
    )
  }

  async #check(pin: string): Promise<void> {
    const { attempts, caller, door, now } = this.#options
    const attempt = { caller: caller.key, trunk: caller.trunk, pin }
    const seat = attempts.allows(now(), attempt) ? await this.#open(door, pin) : null
    if (!seat) attempts.fail(now(), attempt)
    if (this.#over) {
      seat?.leave()
      return
    }
    this.#seat = seat
    this.#step(seat ? { t: 'opened', waiting: seat.waiting } : { t: 'refused' })
  }

  async #open(door: MeetingDoor, pin: string): Promise<MeetingSeat | null> {
    const events = {
      admitted: () => this.#step({ t: 'admitted' }),
      muted: () => this.#step({ t: 'muted' }),
      removed: () => this.#step({ t: 'removed' }),
      ended: () => this.#step({ t: 'ended' }),
    } as const
    try {
      return await door.open(pin, this.#options.caller, events)
    } catch {
      return null
    }
  }
}
