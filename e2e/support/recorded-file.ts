/**
 * What a recording on this computer really holds: fetched out of the browser's private storage, taken apart by
 * mediabunny, decoded by the browser itself. The functions for the page must not use anything outside their own body.
 */
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny'
import type { TestPage } from './browsers.ts'

/** In the page: the file in the recordings' folder whose name ends so, in Base64; empty where there is none. */
async function readRecording(ending: string): Promise<string> {
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle('recordings')
  for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) {
    if (!name.endsWith(ending)) continue
    const file = await (await folder.getFileHandle(name)).getFile()
    const bytes = new Uint8Array(await file.arrayBuffer())
    let text = ''
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
    return btoa(text)
  }
  return ''
}

export async function recordingBytes(
  page: TestPage,
  ending: '.webm' | '.journal',
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(Buffer.from(await page.evaluate(readRecording, ending), 'base64'))
}

interface Packet {
  key: boolean
  /** Ms. */
  at: number
  data: string
}

export interface RecordedTrack {
  readonly name: string
  readonly packets: readonly Packet[]
  readonly kind: 'audio' | 'video'
}

export async function recordedTracks(file: Uint8Array<ArrayBuffer>): Promise<RecordedTrack[]> {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(file) })
  const tracks: RecordedTrack[] = []
  for (const track of await input.getTracks()) {
    const packets: Packet[] = []
    for await (const packet of new EncodedPacketSink(track).packets())
      packets.push({
        key: packet.type === 'key',
        at: packet.timestamp * 1000,
        data: Buffer.from(packet.data).toString('base64'),
      })
    tracks.push({
      name: (await track.getName()) ?? '',
      packets,
      kind: track.isVideoTrack() ? 'video' : 'audio',
    })
  }
  return tracks
}

/** In the page: the pitch of a track's sound, by its zero crossings; 0 where nothing was decoded. */
export async function pitchOf(packets: Packet[]): Promise<number> {
  const samples: number[] = []
  const decoder = new AudioDecoder({
    output: (sound) => {
      const plane = new Float32Array(sound.numberOfFrames)
      sound.copyTo(plane, { planeIndex: 0, format: 'f32-planar' })
      samples.push(...plane)
      sound.close()
    },
    error: () => {},
  })
  decoder.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 })
  for (const { at, data } of packets)
    decoder.decode(
      new EncodedAudioChunk({
        type: 'key',
        timestamp: at * 1000,
        data: Uint8Array.from(atob(data), (c) => c.charCodeAt(0)),
      }),
    )
  await decoder.flush()
  const middle = samples.slice(48_000, 48_000 * 3)
  let crossings = 0
  for (let i = 1; i < middle.length; i++) if ((middle[i - 1] ?? 0) < 0 && (middle[i] ?? 0) >= 0) crossings++
  return middle.length === 0 ? 0 : (crossings * 48_000) / middle.length
}

/** In the page: the numbers that a track's decoded pictures spell (see picture-and-tone.ts), each once. */
export async function numbersOf(packets: Packet[]): Promise<number[]> {
  const canvas = new OffscreenCanvas(64, 48)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const found = new Set<number>()
  const decoder = new VideoDecoder({
    output: (frame) => {
      context?.drawImage(frame, 0, 0, 64, 48)
      frame.close()
      let bits = 0
      for (let cell = 0; cell < 12; cell++) {
        const [r = 0, g = 0, b = 0] =
          context?.getImageData((cell % 4) * 16 + 8, Math.floor(cell / 4) * 16 + 8, 1, 1).data ?? []
        bits = (bits << 1) | (r + g + b > 384 ? 1 : 0)
      }
      const id = bits >> 4
      found.add((~id & 0xf) === (bits & 0xf) ? id : -1)
    },
    error: () => found.add(-2),
  })
  decoder.configure({ codec: 'vp8' })
  for (const { at, key, data } of packets)
    decoder.decode(
      new EncodedVideoChunk({
        type: key ? 'key' : 'delta',
        timestamp: at * 1000,
        data: Uint8Array.from(atob(data), (c) => c.charCodeAt(0)),
      }),
    )
  await decoder.flush()
  return [...found]
}
