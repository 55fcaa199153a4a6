/**
 * A recording whose content says where and when one is: each person's picture spells the person and the second, the tone
 * says the person and the quarter. Encoded by the browser, recorded as server and members do. Functions for the page must
 * not use anything outside their own body.
 */
import type { GivenMeeting, GivenStream } from '@huisclos/vault/testing'
import { signedRecording } from '@huisclos/vault/testing'
import type { TestPage } from './browsers.ts'

const PEOPLE = ['Ada', 'Ben', 'Chloé'] as const
const SECONDS = 12
/** The tone changes this often. */
const TONE_SECONDS = 4

/** What a picture spells: the person in its high four bits, the second in its low four. */
export const pictureAt = (person: number, second: number): number => person * 16 + Math.floor(second)
export const toneAt = (person: number, second: number): number =>
  500 + 300 * person + 100 * Math.floor(second / TONE_SECONDS)

interface EncodedFrame {
  timeUs: number
  data: string
}

/** In the page: pictures and sound of one person, encoded as a participant does. */
async function encodePerson(
  person: number,
  seconds: number,
  tones: number[],
  toneSeconds: number,
): Promise<{ video: EncodedFrame[]; audio: EncodedFrame[] }> {
  const text = (chunk: EncodedVideoChunk | EncodedAudioChunk): EncodedFrame => {
    const bytes = new Uint8Array(chunk.byteLength)
    chunk.copyTo(bytes)
    return { timeUs: chunk.timestamp, data: btoa(String.fromCharCode(...bytes)) }
  }
  const video: EncodedFrame[] = []
  const audio: EncodedFrame[] = []
  const pictures = new VideoEncoder({ output: (chunk) => video.push(text(chunk)), error: () => {} })
  pictures.configure({ codec: 'vp8', width: 320, height: 180, bitrate: 150_000 })
  const canvas = new OffscreenCanvas(320, 180)
  const context = canvas.getContext('2d')
  for (let frame = 0; frame < seconds * 10; frame++) {
    const id = person * 16 + Math.floor(frame / 10)
    const bits = (id << 4) | (~id & 0xf)
    for (let cell = 0; cell < 12; cell++) {
      if (context) context.fillStyle = (bits >> (11 - cell)) & 1 ? '#fff' : '#000'
      context?.fillRect((cell % 4) * 80, Math.floor(cell / 4) * 60, 80, 60)
    }
    const picture = new VideoFrame(canvas, { timestamp: frame * 100_000 })
    pictures.encode(picture, { keyFrame: frame % 20 === 0 })
    picture.close()
  }
  await pictures.flush()
  const sound = new AudioEncoder({ output: (chunk) => audio.push(text(chunk)), error: () => {} })
  sound.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 1, bitrate: 40_000 })
  let phase = 0
  for (let frame = 0; frame < seconds * 50; frame++) {
    const hz = tones[Math.floor(frame / 50 / toneSeconds)] ?? 440
    const data = Float32Array.from({ length: 960 }, () => {
      phase += (2 * Math.PI * hz) / 48_000
      return 0.4 * Math.sin(phase)
    })
    const form = { format: 'f32', sampleRate: 48_000, numberOfFrames: 960, numberOfChannels: 1 } as const
    const samples = new AudioData({ ...form, timestamp: frame * 20_000, data })
    sound.encode(samples)
    samples.close()
  }
  await sound.flush()
  return { video, audio }
}

const bytesOf = ({ timeUs, data }: EncodedFrame) => ({
  timeUs,
  data: new Uint8Array(Buffer.from(data, 'base64')),
})

/** Ben is silent from 3.5 to 7 s; Chloé's camera is off from 6 s on. */
export async function encodeMeeting(page: TestPage): Promise<GivenStream[]> {
  const streams: GivenStream[] = []
  for (const [leaf] of PEOPLE.entries()) {
    const tones = Array.from({ length: SECONDS / TONE_SECONDS }, (_, i) => toneAt(leaf, i * TONE_SECONDS))
    const { video, audio } = await page.evaluate(encodePerson, leaf, SECONDS, tones, TONE_SECONDS)
    const isSent = ({ timeUs }: EncodedFrame) => leaf !== 1 || timeUs < 3_500_000 || timeUs >= 7_000_000
    const isOn = ({ timeUs }: EncodedFrame) => leaf !== 2 || timeUs < 6_000_000
    streams.push({ leaf, source: 'microphone', frames: audio.filter(isSent).map(bytesOf) })
    streams.push({ leaf, source: 'camera', frames: video.filter(isOn).map(bytesOf) })
  }
  return streams
}

export interface MadeFile {
  name: string
  /** Base64. */
  data: string
}

/** Recorded, and its manifest signed by the host. */
export async function madeRecording(
  streams: GivenStream[],
  publicKey: Uint8Array,
  more: Partial<GivenMeeting> = {},
): Promise<MadeFile[]> {
  const store = await signedRecording({ publicKey, names: [...PEOPLE], streams, ...more })
  return [...store.files].map(([name, bytes]) => ({ name, data: Buffer.from(bytes).toString('base64') }))
}
