import { expect, test } from 'vitest'
import { ScreenShare } from './screen-share.ts'

class FakeTrack extends EventTarget {
  stopped = false
  contentHint = ''
  readonly applied: unknown[] = []
  readonly kind: string
  constructor(kind: string) {
    super()
    this.kind = kind
  }
  stop() {
    this.stopped = true
  }
  async applyConstraints(wished: unknown) {
    this.applied.push(wished)
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
  const asked: DisplayMediaStreamOptions[] = []
  const share = new ScreenShare(sink as never, async (options) => {
    asked.push(options)
    return stream as unknown as MediaStream
  })
  return { share, told, tracks, asked }
}

test('a screen is shared with its sound where the browser gives it', async () => {
  const { share, told, tracks } = start(['video', 'audio'])
  await share.start('text')
  expect(share.view.at).toBe('on')
  expect(told).toEqual(['publish screen', 'publish screen-audio'])
  share.stop()
  expect(told.slice(2)).toEqual(['unpublish screen', 'unpublish screen-audio'])
  expect(tracks.every(({ stopped }) => stopped)).toBe(true)
})

test('the browser’s own "stop sharing" ends it', async () => {
  const { share, told, tracks } = start(['video'])
  await share.start('text')
  tracks[0]?.dispatchEvent(new Event('ended'))
  expect(share.view.at).toBe('off')
  expect(told).toEqual(['publish screen', 'unpublish screen'])
})

test('who thinks better of it shares nothing', async () => {
  const share = new ScreenShare({} as never, () => Promise.reject(new Error('NotAllowedError')))
  await share.start('text')
  expect(share.view.at).toBe('off')
  expect(new ScreenShare({} as never, null).isPossible).toBe(false)
})

test.each([
  ['text', 'text', 15, 3840],
  ['still', 'text', 5, 3840],
  ['motion', 'motion', 30, 1920],
] as const)(
  '[PIC7] %s is captured with the hint %s at %i frames, up to %i across',
  async (content, hint, fps, width) => {
    const { share, tracks, asked } = start(['video'])
    await share.start(content)
    expect(tracks[0]?.contentHint).toBe(hint)
    expect(asked[0]?.video).toMatchObject({ frameRate: { max: fps }, width: { max: width } })
  },
)

test('[PIC7] a share under way changes at once; without one nothing happens', async () => {
  const { share, tracks } = start(['audio', 'video'])
  await share.setContent('motion')
  expect(tracks[1]?.applied).toEqual([])
  await share.start('text')
  await share.setContent('motion')
  expect(tracks[1]).toMatchObject({ contentHint: 'motion', applied: [{ frameRate: { max: 30 } }] })
  expect(tracks[0]?.applied).toEqual([])
})

test('[PIC7] the sound of a screen is taken as it is', async () => {
  const { share, asked } = start(['video', 'audio'])
  await share.start('motion')
  expect(asked[0]?.audio).toMatchObject({ echoCancellation: false, noiseSuppression: false })
})
