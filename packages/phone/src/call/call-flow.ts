/**
 * What a caller lives through (TEL4, TEL6): greeting, PIN with three tries and growing pauses, lobby, meeting, goodbye.
 * Pure: keys and time enter, prompts and deeds leave. Knows neither sound nor SIP.
 */

export type Prompt =
  | 'pin'
  | 'language'
  | 'wrong'
  | 'refused'
  | 'waiting'
  | 'inside'
  | 'muted'
  | 'unmuted'
  | 'hand-up'
  | 'hand-down'
  | 'muted-by-host'
  | 'removed'
  | 'ended'
export type Language = 'en' | 'fr'

export type FlowInput =
  | { t: 'start' }
  | { t: 'key'; key: string }
  | { t: 'opened'; waiting: boolean }
  | { t: 'refused' }
  | { t: 'admitted' }
  | { t: 'muted' }
  | { t: 'removed' }
  | { t: 'ended' }
  /** Nothing is being played any more. */
  | { t: 'played' }
  | { t: 'tick' }

export type FlowAction =
  /** Instead of what is being played. */
  | { t: 'play'; prompts: Prompt[] }
  | { t: 'check'; pin: string }
  | { t: 'mute'; muted: boolean }
  | { t: 'hand'; up: boolean }
  | { t: 'hang-up' }

type State =
  | { at: 'asking'; digits: string; star: boolean; since: number; keyAt: number; asked: number }
  | { at: 'checking' }
  | { at: 'paused'; until: number }
  | { at: 'waiting' }
  | { at: 'inside'; star: boolean }
  | { at: 'leaving'; until: number }

const TRIES = 3
const FIRST_PAUSE_MS = 1000
const ENOUGH_DIGITS = 9
const MAX_DIGITS = 16
const DIGITS_OVER_MS = 4000
const ASK_AGAIN_MS = 15_000
const ASKINGS = 3
const GOODBYE_MS = 15_000

export class CallFlow {
  language: Language
  #state: State = { at: 'leaving', until: Infinity }
  #tries = 0
  #muted = false
  #hand = false

  constructor(language: Language) {
    this.language = language
  }

  get at(): State['at'] {
    return this.#state.at
  }

  step(now: number, input: FlowInput): FlowAction[] {
    if (input.t === 'start') return this.#ask(now, ['pin', 'language'], 1)
    if (input.t === 'removed' || input.t === 'ended') return this.#leave(now, input.t)
    const state = this.#state
    switch (state.at) {
      case 'asking':
        return this.#asking(now, state, input)
      case 'checking':
        return this.#checking(now, input)
      case 'paused':
        return input.t === 'tick' && now >= state.until ? this.#ask(now, ['wrong'], 1) : []
      case 'waiting':
        return input.t === 'admitted' ? this.#enter() : []
      case 'inside':
        return this.#inside(state, input)
      case 'leaving':
        return input.t === 'played' || now >= state.until ? [{ t: 'hang-up' }] : []
    }
  }

  #ask(now: number, prompts: Prompt[], asked: number): FlowAction[] {
    this.#state = { at: 'asking', digits: '', star: false, since: now, keyAt: now, asked }
    return [{ t: 'play', prompts }]
  }

  #asking(now: number, state: State & { at: 'asking' }, input: FlowInput): FlowAction[] {
    if (input.t === 'key') return this.#askedKey(now, state, input.key)
    if (input.t !== 'tick') return []
    const quiet = now - state.keyAt
    if (state.digits.length >= ENOUGH_DIGITS && quiet >= DIGITS_OVER_MS) return this.#check(state.digits)
    if (quiet < ASK_AGAIN_MS) return []
    return state.asked < ASKINGS ? this.#ask(now, ['pin', 'language'], state.asked + 1) : [{ t: 'hang-up' }]
  }

  #askedKey(now: number, state: State & { at: 'asking' }, key: string): FlowAction[] {
    if (state.star && key === '2') {
      this.language = this.language === 'en' ? 'fr' : 'en'
      return this.#ask(now, ['pin', 'language'], state.asked)
    }
    if (key === '#') return state.digits === '' ? [] : this.#check(state.digits)
    const first = state.digits === ''
    const digits = /^\d$/.test(key) && !state.star ? state.digits + key : state.digits
    this.#state = { ...state, digits, star: key === '*', keyAt: now }
    if (digits.length >= MAX_DIGITS) return this.#check(digits)
    // The first key ends the prompt: who knows the way need not hear it out.
    return first ? [{ t: 'play', prompts: [] }] : []
  }

  #check(pin: string): FlowAction[] {
    this.#state = { at: 'checking' }
    return [{ t: 'check', pin }]
  }

  #checking(now: number, input: FlowInput): FlowAction[] {
    if (input.t === 'opened') {
      if (!input.waiting) return this.#enter()
      this.#state = { at: 'waiting' }
      return [{ t: 'play', prompts: ['waiting'] }]
    }
    if (input.t !== 'refused') return []
    this.#tries += 1
    if (this.#tries >= TRIES) return this.#leave(now, 'refused')
    this.#state = { at: 'paused', until: now + FIRST_PAUSE_MS * 4 ** (this.#tries - 1) }
    return []
  }

  #enter(): FlowAction[] {
    this.#state = { at: 'inside', star: false }
    return [{ t: 'play', prompts: ['inside'] }]
  }

  #inside(state: State & { at: 'inside' }, input: FlowInput): FlowAction[] {
    if (input.t === 'muted') {
      if (this.#muted) return []
      this.#muted = true
      return [
        { t: 'mute', muted: true },
        { t: 'play', prompts: ['muted-by-host'] },
      ]
    }
    if (input.t !== 'key') return []
    this.#state = { at: 'inside', star: input.key === '*' }
    if (!state.star) return []
    if (input.key === '6') {
      this.#muted = !this.#muted
      return [
        { t: 'mute', muted: this.#muted },
        { t: 'play', prompts: [this.#muted ? 'muted' : 'unmuted'] },
      ]
    }
    if (input.key !== '9') return []
    this.#hand = !this.#hand
    return [
      { t: 'hand', up: this.#hand },
      { t: 'play', prompts: [this.#hand ? 'hand-up' : 'hand-down'] },
    ]
  }

  #leave(now: number, prompt: Prompt): FlowAction[] {
    if (this.#state.at === 'leaving') return []
    this.#state = { at: 'leaving', until: now + GOODBYE_MS }
    return [{ t: 'play', prompts: [prompt] }]
  }
}
