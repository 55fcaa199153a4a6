import type { EncodedFrame, EncodedTrack } from '@huisclos/node-media'
import { systemClock as clock, NodeMediaAdapter } from '@huisclos/node-media'
import type { Meeting } from '@huisclos/participant'
import { isVp8KeyFrame, vp8PictureSize } from '@huisclos/rtp'
import type { MeetingPlace } from '@huisclos/testkit/meeting-place'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import { afterEach, expect, test } from 'vitest'
import { LOOP_PICTURES, LOOP_SOUND, readLoop } from '../media/loop-files.ts'
import { enterAsBot, until } from './bot-in-meeting.ts'
import { publishLoop } from './publish-loop.ts'

const WITHIN_MS = 15_000
/** More than the second from one key frame to the next. */
const SEEN = 30
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

interface Watcher {
  meeting: Meeting<EncodedTrack>
  media: NodeMediaAdapter
  frames: Record<'camera' | 'microphone', EncodedFrame[]>
}

async function enter(place: MeetingPlace, name: string): Promise<Watcher> {
  const media = new NodeMediaAdapter({ clock })
  const meeting = await enterAsBot(place, name, { media })
  ends.push(() => meeting.leave())
  const watcher: Watcher = { meeting, media, frames: { camera: [], microphone: [] } }
  const watched = new Set<EncodedTrack>()
  const look = () => {
    const streams = meeting.view.people.filter(({ self }) => !self).flatMap((person) => person.streams)
    for (const { source, track } of streams) {
      if (!track || watched.has(track)) continue
      watched.add(track)
      track.subscribe((frame) => watcher.frames[source as 'camera' | 'microphone'].push(frame))
    }
  }
  meeting.subscribe(look)
  look()
  return watcher
}

/** The widths of the key frames that came. */
const widthsOf = (frames: readonly EncodedFrame[]): number[] =>
  frames.flatMap(({ data }) => vp8PictureSize(data)?.width ?? [])

function leafOf({ meeting }: Watcher, name: string): number {
  const leaf = meeting.view.people.find((person) => person.name === name)?.leaf
  if (leaf === undefined) throw new Error(`${name} is not there`)
  return leaf
}

/** Asks for that size and gives the frames from the first key frame of `width` on, once SEEN of them have come. */
async function switchTo(watcher: Watcher, size: 'small' | 'medium' | 'large', width: number) {
  const { meeting, frames } = watcher
  const before = frames.camera.length
  meeting.want(leafOf(watcher, 'Alice'), 'camera', size)
  const begun = () =>
    frames.camera.findIndex(({ data }, at) => at >= before && vp8PictureSize(data)?.width === width)
  await until(`${size} begins`, WITHIN_MS, () => begun() >= 0)
  const from = begun()
  await until(`${size} goes on`, WITHIN_MS, () => frames.camera.length >= from + SEEN)
  return frames.camera.slice(from, from + SEEN)
}

test('[KEY2, FRM5] the real server switches three bots between the layers of a really encoded camera', async () => {
  const place = await startMeetingPlace()
  ends.push(() => place.close())
  const alice = await enter(place, 'Alice')
  const sources = await publishLoop(alice.meeting)
  ends.push(() => sources.forEach((source) => void source.stop()))
  const bob = await enter(place, 'Bob')
  const carol = await enter(place, 'Carol')
  await until(
    'Carol has sound and picture',
    WITHIN_MS,
    () => carol.frames.camera.length > 20 && carol.frames.microphone.length > 50,
  )
  await until('Bob has a picture', WITHIN_MS, () => bob.frames.camera.length > 0)

  for (const [size, layer] of [
    ['small', 0],
    ['large', 2],
    ['medium', 1],
  ] as const) {
    const { width, height, name } = LOOP_PICTURES[layer]
    const after = await switchTo(bob, size, width)
    expect(vp8PictureSize(after[0]!.data), size).toEqual({ width, height })
    // Frame for frame what was encoded: each is the loop's next, and none is missing.
    const loop = readLoop(name).frames
    const places = after.map(({ data }) => loop.findIndex((frame) => Buffer.from(frame).equals(data)))
    expect(places, size).not.toContain(-1)
    for (const [at, place] of places.entries())
      if (at > 0 && !isVp8KeyFrame(after[at]!.data)) expect(place, size).toBe(places[at - 1]! + 1)
    const steps = after.slice(1).map(({ timestamp }, at) => (timestamp - after[at]!.timestamp) >>> 0)
    expect(new Set(steps), size).toEqual(new Set([4500]))
  }

  expect(new Set(widthsOf(carol.frames.camera))).toEqual(new Set([640]))
  const sound = readLoop(LOOP_SOUND.name).frames.map((frame) => Buffer.from(frame).toString('base64'))
  for (const { data } of carol.frames.microphone)
    expect(sound).toContain(Buffer.from(data).toString('base64'))
  for (const { media, meeting } of [bob, carol]) {
    expect(
      media
        .qualities()
        .map(({ kind, lost }) => [kind, lost])
        .sort(),
    ).toEqual([
      ['audio', 0],
      ['video', 0],
    ])
    expect(meeting.view.alarms).toEqual([])
  }
}, 60_000)
