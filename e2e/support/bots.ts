/**
 * People who take part without a browser, for tests that look at one page and need a meeting around it: whole encrypted
 * participants that send the bench's loop in all its layers and look at nobody. They cost no core what a page costs.
 */
import { enterAsBot } from '../../packages/bench/src/meeting/bot-in-meeting.ts'
import { publishLoop } from '../../packages/bench/src/meeting/publish-loop.ts'
import { decodeLink } from '../../packages/crypto/src/link/index.ts'
import { connectTo } from '../../packages/testkit/src/open-room.ts'

export interface Bot {
  leave(): Promise<void>
}

/** Enters the meeting of that link and sends a camera of 640 × 360 in three layers and a microphone from then on. */
export async function enterBot(href: string, name: string): Promise<Bot> {
  const url = new URL(href)
  const decoded = decodeLink(url.pathname + url.hash)
  if (!decoded.ok) throw new Error(`no link: ${decoded.code}`)
  const place = { link: decoded.link, connect: () => connectTo(url.origin) }
  const meeting = await enterAsBot(place, name)
  const lookAway = () => {
    for (const { leaf, self, streams } of meeting.view.people)
      for (const { source } of self ? [] : streams) meeting.want(leaf, source, 'none')
  }
  meeting.subscribe(lookAway)
  lookAway()
  const sources = await publishLoop(meeting)
  return {
    async leave() {
      for (const source of sources) source.stop()
      await meeting.leave()
    },
  }
}
