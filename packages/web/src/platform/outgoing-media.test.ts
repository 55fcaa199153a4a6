import type { AskServer } from '@huisclos/participant'
import type { types } from 'mediasoup-client'
import { expect, test } from 'vitest'
import type { ToFrameWorker, TransformRole } from './frame-messages.ts'
import type { FrameWorkerLink } from './frame-worker-link.ts'
import { worseState } from './media-session.ts'
import { OutgoingMedia } from './outgoing-media.ts'

type Happened =
  | ['attach', TransformRole]
  | ['worker', ToFrameWorker]
  | ['server', object]
  | ['track', unknown]
  | ['layer', number]
  | ['close']
interface Produced {
  track: { contentHint: string }
  encodings: unknown[]
  onRtpSender?: (sender: unknown) => void
}

/** `attaches`: whether the library calls back with the new sender; `sends`: which codec it ends up sending. */
function start({ attaches = true, sends = '' } = {}) {
  const happened: Happened[] = []
  const transport = {
    async produce(options: Produced & { codec: { mimeType: string } }) {
      if (attaches) options.onRtpSender?.({})
      return {
        id: 'p1',
        localId: '0',
        rtpParameters: {
          codecs: [{ mimeType: sends || options.codec.mimeType }],
          encodings: options.encodings,
        },
        setMaxSpatialLayer: async (layer: number) => void happened.push(['layer', layer]),
        replaceTrack: async ({ track }: { track: unknown }) => void happened.push(['track', track]),
        close: () => void happened.push(['close']),
      }
    },
  } as unknown as types.Transport
  const frames = {
    attach: (_sender: unknown, role: TransformRole) => void happened.push(['attach', role]),
    send: (message: ToFrameWorker) => void happened.push(['worker', message]),
  } as unknown as FrameWorkerLink
  const request = (async (body: object) => {
    happened.push(['server', body])
    return {}
  }) as unknown as AskServer
  return { happened, media: new OutgoingMedia(transport, frames, request, 'vp8') }
}

const track = (name = 't') => ({ name, contentHint: '' }) as unknown as MediaStreamTrack
const camera = (part: object = {}) => ({
  source: 'camera' as const,
  track: track(),
  stream: 4,
  paused: false,
  ...part,
})

test('[FRM2] a sender that did not get its transform is closed and refused', async () => {
  const { media, happened } = start({ attaches: false })
  await expect(media.publish(camera())).rejects.toMatchObject({ code: 'unsupported-browser' })
  expect(happened).toEqual([['close']])
})

test('[FRM1] a sender that sends another codec than its transform seals is closed and refused', async () => {
  const { media, happened } = start({ sends: 'video/H264' })
  await expect(media.publish(camera())).rejects.toMatchObject({ code: 'codec-missing' })
  expect(happened.at(-1)).toEqual(['close'])
})

test('the transform learns stream, codec and whether it begins paused', async () => {
  const { media, happened } = start()
  await media.publish(camera({ paused: true }))
  expect(happened[0]).toEqual([
    'attach',
    { role: 'send', stream: 4, source: 'camera', codec: 'vp8', kind: 'video', packetBytes: 0, paused: true },
  ])
  expect(happened[1]).toEqual(['track', null])
})

test('[PIC7] a screen keeps the hint of its sharer, a camera gets its own', async () => {
  const { media } = start()
  const screen = { contentHint: 'motion' } as MediaStreamTrack
  const unsaid = { contentHint: '' } as MediaStreamTrack
  const own = { contentHint: 'text' } as MediaStreamTrack
  await media.publish(camera({ source: 'screen', track: screen }))
  await media.replaceTrack('screen', unsaid)
  await media.publish(camera({ track: own }))
  expect([screen, unsaid, own].map(({ contentHint }) => contentHint)).toEqual(['motion', 'detail', 'motion'])
})

test('pausing stops the worker first, resuming brings the track back before the server asks for a key frame', async () => {
  const { media, happened } = start()
  const own = track()
  await media.publish(camera({ track: own }))
  happened.length = 0
  await media.setPaused('camera', true)
  await media.setPaused('camera', true)
  expect(happened).toEqual([
    ['worker', { t: 'pause', stream: 4, paused: true }],
    ['track', null],
    ['server', { t: 'media.pause', producer: 'p1', paused: true }],
  ])
  happened.length = 0
  await media.setPaused('camera', false)
  expect(happened.map(([what]) => what)).toEqual(['worker', 'track', 'server'])
  expect(happened[1]).toEqual(['track', own])
})

test('[DEV7] data saver sends the smallest layer alone, also of a camera that is published later', async () => {
  const { media, happened } = start()
  await media.publish(camera())
  media.limitCamera(true)
  await media.unpublish('camera')
  await media.publish(camera())
  media.limitCamera(false)
  expect(happened.filter(([what]) => what === 'layer')).toEqual([
    ['layer', 0],
    ['layer', 0],
    ['layer', 2],
  ])
})

test('[DEV7] data saver leaves a shared screen as it is', async () => {
  const { media, happened } = start()
  media.limitCamera(true)
  await media.publish(camera({ source: 'screen' }))
  expect(happened.filter(([what]) => what === 'layer')).toEqual([])
})

test('a track replaced while paused is sent only after resuming', async () => {
  const { media, happened } = start()
  await media.publish(camera())
  await media.setPaused('camera', true)
  happened.length = 0
  const next = track('next')
  await media.replaceTrack('camera', next)
  expect(happened).toEqual([])
  await media.setPaused('camera', false)
  expect(happened).toContainEqual(['track', next])
})

test('unpublishing ends the stream in the worker and at the server; what is not sent cannot be changed', async () => {
  const { media, happened } = start()
  await media.publish(camera())
  happened.length = 0
  await media.unpublish('camera')
  expect(happened).toEqual([
    ['worker', { t: 'end-stream', stream: 4 }],
    ['close'],
    ['server', { t: 'media.close', producer: 'p1' }],
  ])
  await expect(media.setPaused('camera', true)).rejects.toMatchObject({ code: 'not-published' })
})

test('the worse transport is told; one that carries nothing yet says nothing', () => {
  expect(worseState('new', 'new')).toBe('connecting')
  expect(worseState('new', 'connected')).toBe('connected')
  expect(worseState('connected', 'connecting')).toBe('connecting')
  expect(worseState('disconnected', 'connected')).toBe('disconnected')
  expect(worseState('connected', 'failed')).toBe('failed')
  expect(worseState('closed', 'connected')).toBe('failed')
})
