/**
 * What the screens about quality need from call/: the connection test, and what a call's streams do over time. Numbers
 * and names of paths only; no address, key or link.
 */
import type { Store } from './ports.ts'

/* ---- the connection test ---- */

export interface PathFigures {
  /** Null where the browser has not measured it. */
  readonly roundTripMs: number | null
  /** Bits a second that the server got, and that came back. */
  readonly upBps: number
  readonly downBps: number
  /** Of all packets, 0..1. */
  readonly lossUp: number
  readonly lossDown: number
}

export type PathResult =
  | ({ readonly state: 'works' } & PathFigures)
  /** `no-connection`: nothing passes. `no-media`: connected, and no picture came back that could be decrypted. */
  | { readonly state: 'fails'; readonly why: 'no-connection' | 'no-media' }

export type PathView = { readonly state: 'waiting' } | { readonly state: 'running' } | PathResult

/** The test of `/check`: pages, then media over UDP, then over TCP. */
export interface ConnectionTestView {
  /** `busy`: the server runs as many tests as it may. `unsupported`: this browser cannot encrypt media. */
  readonly at: 'ready' | 'running' | 'done' | 'busy' | 'unreachable' | 'unsupported'
  /** 0..1 */
  readonly progress: number
  /** The page's own host with its port, if it is not the usual one. */
  readonly host: string
  /** Pages and signalling, as the page itself came. */
  readonly scheme: 'https' | 'http'
  readonly udp: PathView
  readonly tcp: PathView
  /** One a media worker, each UDP and TCP; empty until the server has told. */
  readonly mediaPorts: readonly number[]
}

export interface ConnectionTestPort extends Store<ConnectionTestView> {
  /** To be called from a press. Starts over when it had ended. */
  start(): void
}

/* ---- the quality of a call ---- */

/** What one direction carried between two looks. */
export interface QualityPoint {
  /** Unix milliseconds of the later look. */
  readonly at: number
  /** Bits a second. */
  readonly bps: number
  /** Of all packets, 0..1. */
  readonly loss: number
  /** Of our own path to the server; null where the browser has not measured it. */
  readonly roundTripMs: number | null
  /** Of the largest picture; 0 where there is none. */
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  /** Mean time that encrypting or decrypting a frame took, of all streams together; null where there was none. */
  readonly cipherMs: number | null
}

export interface QualityView {
  /** What we send, oldest first. */
  readonly own: readonly QualityPoint[]
  /** What comes of each person, by leaf, oldest first. */
  readonly people: ReadonlyMap<number, readonly QualityPoint[]>
}

/** `held`: the picture does not come at all. */
export interface TileNetwork {
  readonly whose: 'ours' | 'theirs'
  readonly picture: 'flows' | 'held'
}
/** By leaf; nobody whose network is well is in it. */
export type TileNetworks = ReadonlyMap<number, TileNetwork>

export interface QualityPort extends Store<QualityView> {
  /** Changes only when a verdict does. */
  readonly tiles: Store<TileNetworks>
}
