/** Bots as full participants: the real engine and a real MLS group, with raw media instead of a browser's. */
import type { MeetingLink } from '@huisclos/crypto/link'
import type { GroupEngine } from '@huisclos/crypto/mls'
import { createGroupEngine } from '@huisclos/crypto/mls'
import type { EncodedTrack, MakeTransport } from '@huisclos/node-media'
import { systemClock as clock, NodeMediaAdapter } from '@huisclos/node-media'
import type { Socket } from '@huisclos/participant'
import { Meeting } from '@huisclos/participant'

const LOOK_EVERY_MS = 5
/** Twenty bots that knock at once are let in by a few commits, on one event loop. */
const ENTER_WITHIN_MS = 60_000

/**
 * Waits until `holds` does.
 * @throws Error that says what was waited for, after `timeoutMs`
 */
export async function until(what: string, timeoutMs: number, holds: () => boolean): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`gave up waiting until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** Where to meet. */
export interface Place {
  readonly link: MeetingLink
  connect(): Socket
}

export interface BotMakeup {
  /** How the bot reaches the server's media; by itself DTLS-SRTP. */
  makeTransport?: MakeTransport
  /** Its media, for whoever wants to ask it how streams come in; by itself one of its own. */
  media?: NodeMediaAdapter
  /** Where its MLS group lives; by itself in this thread. */
  createGroup?: () => GroupEngine
  /** Of the room's host, where the bot is one. */
  hostSeed?: Uint8Array
}

/** A bot that has not started to join yet. */
export function newBot(place: Place, name: string, makeup: BotMakeup = {}): Meeting<EncodedTrack> {
  const { makeTransport, createGroup = createGroupEngine, hostSeed } = makeup
  const media = makeup.media ?? new NodeMediaAdapter(makeTransport ? { clock, makeTransport } : { clock })
  return new Meeting<EncodedTrack>(
    hostSeed ? { link: place.link, name, hostSeed, descriptorVersionSeen: 1 } : { link: place.link, name },
    {
      connect: () => place.connect(),
      createGroup: () => createGroup(),
      media,
      clock,
      random: (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes)),
    },
  )
}

/** Joins the place's meeting and is in it when this resolves; whoever enters leaves again. */
export async function enterAsBot(
  place: Place,
  name: string,
  makeup?: BotMakeup,
): Promise<Meeting<EncodedTrack>> {
  const meeting = newBot(place, name, makeup)
  await meeting.start()
  await until(`${name} is in the meeting`, ENTER_WITHIN_MS, () => meeting.view.phase.at === 'in')
  return meeting
}
