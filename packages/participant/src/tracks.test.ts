import type { ConsumerId, EventOf, ProducerId } from '@huisclos/protocol'
import { FakeClock } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import type { Announcement } from './incoming-tracks.ts'
import { IncomingTracks } from './incoming-tracks.ts'
import type { AskServer, MediaAdapter } from './media-adapter.ts'
import { MediaSession } from './media-session.ts'
import { OutgoingTracks } from './outgoing-tracks.ts'

const offer = (consumer: string, producer: string, kind: 'audio' | 'video' = 'audio', peer = 'p1') =>
  ({
    t: 'media.consumer',
    seq: 1,
    consumer,
    producer,
    peer,
    kind,
    rtp: {},
    producerPaused: false,
  }) as unknown as EventOf<'media.consumer'>
const announcement = (leaf: number, producer: string, more: Partial<Announcement> = {}): Announcement => ({
  leaf,
  pseudonym: `m${leaf}`,
  producer: producer as ProducerId,
  stream: 5,
  source: 'microphone',
  muted: false,
  ...more,
})

function incoming() {
  const clock = new FakeClock()
  const shut = new Set<number>()
  const log: string[] = []
  const tracks = new IncomingTracks<string>({
    media: {
      consume: async ({ consumer }) => `track ${consumer}`,
      announce: (consumer, sender) =>
        log.push(`${consumer} is ${sender ? `${sender.leaf}/${sender.stream}` : 'shut'}`),
      drop: (consumer) => log.push(`drop ${consumer}`),
    },
    ask: (async (body: { t: string; paused?: boolean; spatial?: number }) => {
      log.push(
        `${body.t}${body.paused === undefined ? '' : body.paused ? ' off' : ` on ${body.spatial ?? ''}`}`.trim(),
      )
      return {}
    }) as unknown as AskServer,
    clock,
    leafOf: (peer) => Number(peer.slice(1)),
    shuts: ({ stream }) => shut.has(stream),
    changed: () => {},
  })
  return { clock, tracks, shut, take: () => log.splice(0) }
}

test('[HOST3] what a host’s word shuts is not opened, not asked for, not on screen, and is no stranger', async () => {
  const { clock, tracks, shut, take } = incoming()
  await tracks.opened()
  shut.add(5)
  tracks.announcements([announcement(1, 'x')])
  await tracks.offered(offer('c', 'x'))
  expect(take()).toEqual(['c is shut', 'media.want off'])
  expect(tracks.streams()).toEqual([])
  expect(tracks.strangers(clock.now() + 60_000)).toBe(false)
  shut.clear()
  tracks.review()
  expect(take()).toEqual(['c is 1/5', 'media.want on'])
  expect(tracks.streams()).toHaveLength(1)
  shut.add(5)
  tracks.review()
  expect(take()).toEqual(['c is shut', 'media.want off'])
})

test('[FRM5] a consumer stays shut until a profile announces its producer', async () => {
  const { tracks, take } = incoming()
  await tracks.opened()
  await tracks.offered(offer('c', 'x'))
  expect(take()).toEqual([])
  expect(tracks.streams()).toEqual([])
  tracks.announcements([announcement(1, 'x')])
  expect(take()).toEqual(['c is 1/5', 'media.want on'])
  expect(tracks.streams()).toMatchObject([{ leaf: 1, source: 'microphone', track: 'track c' }])
  tracks.announcements([])
  expect(take()).toEqual(['c is shut'])
})

test('[FRM5] who announces somebody else’s producer does not get it, nor one of another kind', async () => {
  const { tracks, take } = incoming()
  await tracks.opened()
  await tracks.offered(offer('c', 'x', 'audio', 'p4'))
  tracks.announcements([
    announcement(2, 'x'),
    announcement(4, 'x'),
    announcement(3, 'x', { source: 'camera' }),
  ])
  expect(take()[0]).toBe('c is 4/5')
  await tracks.offered(offer('d', 'y', 'video'))
  tracks.announcements([announcement(4, 'x'), announcement(1, 'y')])
  expect(take()).toEqual([])
})

test('offers that come while the adapter opens are kept', async () => {
  const { tracks, take } = incoming()
  tracks.announcements([announcement(1, 'x')])
  await tracks.offered(offer('c', 'x'))
  expect(take()).toEqual([])
  await tracks.opened()
  expect(take()).toEqual(['c is 1/5', 'media.want on'])
})

test('[ROS1] media that nobody announces within ten seconds is a stranger’s', async () => {
  const { clock, tracks } = incoming()
  await tracks.opened()
  await tracks.offered(offer('c', 'x'))
  expect(tracks.strangers(clock.now() + 9_000)).toBe(false)
  expect(tracks.strangers(clock.now() + 11_000)).toBe(true)
  tracks.announcements([announcement(1, 'x')])
  expect(tracks.strangers(clock.now() + 11_000)).toBe(false)
})

test('sizes are asked for, also before the stream is there', async () => {
  const { tracks, take } = incoming()
  await tracks.opened()
  tracks.want(1, 'camera', 'large')
  await tracks.offered(offer('c', 'x', 'video'))
  tracks.announcements([announcement(1, 'x', { source: 'camera' })])
  tracks.want(1, 'camera', 'none')
  tracks.want(1, 'camera', 'none')
  tracks.want(1, 'camera', 'small')
  expect(take()).toEqual(['c is 1/5', 'media.want on 2', 'media.want off', 'media.want on 0'])
})

test('[KEY4] a picture that has its keys again asks for a key frame, once a second', async () => {
  const { clock, tracks, take } = incoming()
  await tracks.opened()
  await tracks.offered(offer('c', 'x', 'video'))
  tracks.announcements([announcement(1, 'x', { source: 'camera' })])
  take()
  const blink = () => {
    tracks.waiting('c' as ConsumerId, true)
    tracks.waiting('c' as ConsumerId, false)
  }
  blink()
  blink()
  expect(take()).toEqual(['media.key-frame'])
  await clock.advance(1_000)
  blink()
  expect(take()).toEqual(['media.key-frame'])
})

function outgoing() {
  const clock = new FakeClock()
  const log: string[] = []
  const failures: Error[] = []
  const tracks = new OutgoingTracks<string>({
    media: {
      publish: async ({ source, track, stream, paused }) => {
        const failure = failures.shift()
        if (failure) throw failure
        log.push(`publish ${source} ${track} as ${stream}${paused ? ' paused' : ''}`)
        return { producer: `producer-${stream}` as ProducerId }
      },
      unpublish: async (source) => void log.push(`unpublish ${source}`),
      replaceTrack: async (source, track) => void log.push(`replace ${source} ${track}`),
      setPaused: async (source, paused) => void log.push(`${paused ? 'pause' : 'go on with'} ${source}`),
    },
    clock,
    changed: () => {},
    exhausted: () => log.push('exhausted'),
  })
  return { clock, tracks, failures, take: () => log.splice(0) }
}

test('[GRP5] nothing is published before it may be', async () => {
  const { clock, tracks, take } = outgoing()
  await tracks.publish('microphone', 'a')
  expect(take()).toEqual([])
  expect(tracks.announced()).toEqual([])
  tracks.opened()
  await clock.settle()
  expect(take()).toEqual(['publish microphone a as 0'])
  expect(tracks.announced()).toEqual([
    { producer: 'producer-0', stream: 0, source: 'microphone', muted: false },
  ])
})

test('[KEY2] another track goes on under the same number, a new producer takes a fresh one', async () => {
  const { clock, tracks, take } = outgoing()
  tracks.opened()
  await tracks.publish('camera', 'a')
  await tracks.publish('camera', 'b')
  await tracks.unpublish('camera')
  await tracks.publish('camera', 'c')
  expect(take()).toEqual([
    'publish camera a as 0',
    'replace camera b',
    'unpublish camera',
    'publish camera c as 1',
  ])
  tracks.closed()
  tracks.opened()
  await clock.settle()
  expect(take()).toEqual(['publish camera c as 2'])
})

test('[KEY2] numbers end at 1,024, and then a new leaf is due', async () => {
  const { tracks, take } = outgoing()
  tracks.opened()
  for (let i = 0; i < 1_024; i++) {
    await tracks.publish('camera', 'a')
    await tracks.unpublish('camera')
  }
  take()
  await tracks.publish('camera', 'a')
  expect(take()).toEqual(['exhausted'])
})

test('muting pauses, and a paused start stays paused', async () => {
  const { clock, tracks, take } = outgoing()
  await tracks.publish('microphone', 'a')
  await tracks.setMuted('microphone', true)
  tracks.opened()
  await clock.settle()
  await tracks.setMuted('microphone', false)
  expect(take()).toEqual(['publish microphone a as 0 paused', 'go on with microphone'])
})

test('a publication that failed is tried again, under a fresh number', async () => {
  const { clock, tracks, failures, take } = outgoing()
  failures.push(new Error('once'))
  tracks.opened()
  await clock.settle()
  await tracks.publish('microphone', 'a')
  expect(take()).toEqual([])
  await clock.advance(2_000)
  expect(take()).toEqual(['publish microphone a as 1'])
})

function mediaSession(opens: (() => Promise<void>)[] = []) {
  const clock = new FakeClock()
  const log: string[] = []
  const media = {
    open: async ({ tcpOnly }: { tcpOnly?: boolean }) => {
      log.push(tcpOnly ? 'open tcp' : 'open')
      await opens.shift()?.()
    },
    close: () => log.push('close'),
    restartIce: async () => void log.push('restart ice'),
  } as unknown as MediaAdapter<string>
  const ask = (async () => ({})) as unknown as AskServer
  const session = new MediaSession<string>({
    media,
    ask,
    clock,
    tcpOnly: false,
    opened: () => log.push('opened'),
    closed: () => {},
    changed: () => {},
  })
  session.start({})
  return { clock, session, take: () => log.splice(0) }
}

test('a lost connection restarts ICE at once; fifteen seconds more open anew', async () => {
  const { clock, session, take } = mediaSession()
  await clock.advance(0)
  session.transport('connected')
  session.transport('disconnected')
  await clock.advance(20)
  expect(take()).toEqual(['close', 'open', 'opened', 'restart ice'])
  await clock.advance(14_900)
  expect(take()).toEqual([])
  await clock.advance(800)
  expect(take()).toEqual(['close', 'open', 'opened'])
})

test('transports that fail are opened anew, over TCP after the second time', async () => {
  const { clock, session, take } = mediaSession()
  await clock.advance(0)
  take()
  session.transport('failed')
  await clock.advance(1_000)
  expect(take()).toEqual(['close', 'open', 'opened'])
  session.transport('failed')
  await clock.advance(2_000)
  expect(take()).toEqual(['close', 'open tcp', 'opened'])
  expect(session.tcpOnly).toBe(true)
})

test('an opening that is overtaken by a stop says nothing', async () => {
  const opening = Promise.withResolvers<void>()
  const { clock, session, take } = mediaSession([() => opening.promise])
  await clock.advance(0)
  session.stop()
  opening.resolve()
  await clock.advance(60_000)
  expect(take()).toEqual(['close', 'open', 'close'])
})

test('[SIG17] a picture that does not come says whose path keeps it, until it comes', async () => {
  const { tracks } = incoming()
  await tracks.opened()
  tracks.announcements([announcement(1, 'x', { source: 'camera' })])
  await tracks.offered(offer('c', 'x', 'video'))
  const held = () => tracks.streams().map((stream) => stream.held ?? 'comes')
  expect(held()).toEqual(['comes'])
  for (const [flow, says] of [
    ['narrow', 'ours'],
    ['empty', 'theirs'],
    ['flows', 'comes'],
  ] as const) {
    tracks.flow('c' as ConsumerId, flow)
    expect(held()).toEqual([says])
  }
})
