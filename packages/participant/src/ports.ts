/**
 * What the engine needs from the outside: a socket, a clock, random bytes, the MLS group and the media. Browsers, bots
 * and tests each bring their own; nothing here may name a DOM or Node type.
 */
import type { GroupEngine } from '@huisclos/crypto/mls'
import type { MediaAdapter } from './media-adapter.ts'

/** Unix milliseconds. */
export type Ms = number

/** A browser's WebSocket, or one of `ws`, adapted. Handlers are set by the engine right after `connect`. */
export interface Socket {
  send(text: string): void
  close(): void
  /** Bytes accepted by `send` that have not left yet. */
  readonly bufferedAmount: number
  onopen: (() => void) | null
  onmessage: ((text: string) => void) | null
  /** Called once, also when the connection never opened. */
  onclose: (() => void) | null
}

export interface Clock {
  now(): Ms
  /** Calls `run` once after `delayMs`; the result cancels it. */
  setTimer(delayMs: Ms, run: () => void): () => void
}

/** `back`: there was none, whatever was open is dead. `changed`: perhaps, as the path is another one. */
export type NetworkChange = 'back' | 'changed'

export interface Ports<Track> {
  /** Opens a fresh socket to the server's `/ws`. */
  connect(): Socket
  /** A fresh engine of one MLS group. Asked again after a reset; the former one is closed by the caller. */
  createGroup(): GroupEngine
  media: MediaAdapter<Track>
  clock: Clock
  /** Tells of changes of this device's network, where it can know; the result ends that. */
  watchNetwork?(changed: (how: NetworkChange) => void): () => void
  /** Cryptographically secure random bytes (tests seed it). */
  random(sizeBytes: number): Uint8Array
}
