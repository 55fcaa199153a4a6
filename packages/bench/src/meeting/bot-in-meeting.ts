/** Bots as full participants: the real engine and a real MLS group, with raw media instead of a browser's. */
import { createGroupEngine } from '@huisclos/crypto/mls'
import { Meeting } from '@huisclos/participant'
import type { MeetingPlace } from '@huisclos/testkit/meeting-place'
import { BotMediaAdapter } from '../media/bot-media-adapter.ts'
import type { BotTrack } from '../media/bot-track.ts'
import type { MakeTransport } from '../media/raw-transport.ts'
import { systemClock as clock } from '../media/system-clock.ts'

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

/**
 * Joins the place's meeting and is in it when this resolves; whoever enters leaves again.
 * @param makeTransport how the bot reaches the server's media; by itself DTLS-SRTP
 */
export async function enterAsBot(
  place: MeetingPlace,
  name: string,
  makeTransport?: MakeTransport,
): Promise<Meeting<BotTrack>> {
  const meeting = new Meeting<BotTrack>(
    { link: place.link, name },
    {
      connect: () => place.connect(),
      createGroup: () => createGroupEngine(),
      media: new BotMediaAdapter(makeTransport ? { clock, makeTransport } : { clock }),
      clock,
      random: (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes)),
    },
  )
  await meeting.start()
  await until(`${name} is in the meeting`, ENTER_WITHIN_MS, () => meeting.view.phase.at === 'in')
  return meeting
}
