import { expect, test } from 'vitest'
import { ScreenShare } from './screen-share.ts'

class FakeTrack extends EventTarget {
  stopped = false
  readonly kind: string
  constructor(kind: string) {
    super()
    this.kind = kind
  }
  stop() {
    this.stopped = true
  }
}

function start(kinds: string[]) {
  const tracks = kinds.map((kind) => new FakeTrack(kind))
  const told: string[] = []
  const sink = {
    publish: async (source: string) => void told.push(`publish ${source}`),
    unpublish: async (source: string) => void told.push(`unpublish ${source}`),
  }
  const of = (kind: string) => tracks.filter((track) => track.kind === kind)
  const stream = {
    getTracks: () => tracks,
    getVideoTracks: () => of('video'),
    getAudioTracks: () => of('audio'),
  }
  const share = new ScreenShare(sink as never, async () => stream as unknown as MediaStream)
  return { share, told, tracks }
}

test('a screen is shared with its sound where the browser gives it', async () => {
  const { share, told, tracks } = start(['video', 'audio'])
  await share.start()
  expect(share.view.at).toBe('on')
  expect(told).toEqual(['publish screen', 'publish screen-audio'])
  share.stop()
  expect(told.slice(2)).toEqual(['unpublish screen', 'unpublish screen-audio'])
  expect(tracks.every(({ stopped }) => stopped)).toBe(true)
})

test('the browser’s own "stop sharing" ends it', async () => {
  const { share, told, tracks } = start(['video'])
  await share.start()
  tracks[0]?.dispatchEvent(new Event('ended'))
  expect(share.view.at).toBe('off')
  expect(told).toEqual(['publish screen', 'unpublish screen'])
})

test('who thinks better of it shares nothing', async () => {
  const share = new ScreenShare({} as never, () => Promise.reject(new Error('NotAllowedError')))
  await share.start()
  expect(share.view.at).toBe('off')
  expect(new ScreenShare({} as never, null).isPossible).toBe(false)
})
