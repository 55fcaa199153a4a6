/** Files as a page plays them, and the same as MP4. */
import { newRecordingKey } from '@huisclos/crypto/seal'
import type { InputTrack, StreamTargetChunk } from 'mediabunny'
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input } from 'mediabunny'
import { expect, test } from 'vitest'
import { signedRecording } from '../testing/index.ts'
import type { WrittenFrame } from './open-recording.ts'
import { openRecording } from './open-recording.ts'
import { SILENT_OPUS } from './opus-packet.ts'
import { rewrapAsMp4 } from './rewrap.ts'

const key = await newRecordingKey()
const sound = (i: number) => Uint8Array.from({ length: 60 }, (_, at) => (at === 0 ? 0xfc : (i + at) & 0xff))
const picture = (i: number) =>
  Uint8Array.from([...(i === 0 ? [0x10, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0x68, 1] : [0x11]), i, 9, 9])

/** Sound from 0.1 to 0.3 s and from 1 to 1.2 s; pictures throughout; a second person who has pictures alone. */
const soundFrames = [...Array(20).keys()].map((i) => ({
  timeUs: (i < 10 ? 100_000 : 800_000) + i * 20_000,
  data: sound(i),
}))
const pictureFrames = [...Array(15).keys()]
  .map((i) => ({ timeUs: i * 100_000, data: picture(i) }))
  .slice(0, 8)
const delayUs = () => 0
const store = await signedRecording({
  publicKey: key.publicKey,
  names: ['Ada', 'Ben'],
  streams: [
    { leaf: 0, source: 'microphone', frames: soundFrames, delayUs },
    { leaf: 0, source: 'camera', frames: pictureFrames, delayUs },
    { leaf: 1, source: 'camera', frames: pictureFrames, delayUs },
  ],
})

function collector() {
  let bytes = new Uint8Array()
  const writable = new WritableStream<StreamTargetChunk>({
    write({ data, position }) {
      const longer = new Uint8Array(Math.max(bytes.length, position + data.length))
      longer.set(bytes)
      longer.set(data, position)
      bytes = longer
    },
  })
  return { writable, blob: () => new Blob([bytes]) }
}

async function packetsOf(blob: Blob, kind: 'audio' | 'video') {
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(blob) })
  const track: InputTrack | null =
    kind === 'audio' ? await input.getPrimaryAudioTrack() : await input.getPrimaryVideoTrack()
  const packets = []
  if (track) for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet)
  return packets.map(({ data, timestamp }) => ({
    data: [...data].join(),
    atMs: Math.round(timestamp * 1000),
  }))
}

const files = new Map<string, ReturnType<typeof collector>>()
const frames: WrittenFrame[] = []
const report = await openRecording(store, {
  key,
  format: 'webm',
  steadySound: true,
  createFile(name) {
    const file = collector()
    files.set(name, file)
    return file.writable
  },
  onFrame: (frame) => frames.push(frame),
})
const ada = files.get('Ada.webm')?.blob() ?? new Blob([])

test('[OPEN5] sound goes on from the start to the end of a file, with silence where none came', async () => {
  const packets = await packetsOf(ada, 'audio')
  expect(packets.map(({ atMs }) => atMs)).toEqual(packets.map((_, i) => i * 20))
  expect(Math.abs(packets.length * 20_000 - report.durationUs)).toBeLessThanOrEqual(20_000)
  const silent = [...SILENT_OPUS].join()
  const heard = packets.filter(({ data }) => data !== silent)
  expect(heard).toEqual(soundFrames.map(({ timeUs, data }) => ({ data: data.join(), atMs: timeUs / 1000 })))
})

test('[OPEN5] a person who has no sound gets silence, so that all files are as long', async () => {
  const ben = await packetsOf(files.get('Ben.webm')?.blob() ?? new Blob([]), 'audio')
  expect(Math.abs(ben.length * 20_000 - report.durationUs)).toBeLessThanOrEqual(20_000)
  expect(new Set(ben.map(({ data }) => data))).toEqual(new Set([[...SILENT_OPUS].join()]))
  expect(report.files.map(({ tracks }) => tracks.map(({ kind }) => kind).sort())).toEqual([
    ['audio', 'video'],
    ['video'],
  ])
})

test('[OPEN5] pictures last as long as the sound: the last key picture stands at the end once more', async () => {
  const packets = await packetsOf(ada, 'video')
  const sent = pictureFrames.map(({ timeUs, data }) => ({ data: data.join(), atMs: timeUs / 1000 }))
  expect(packets.slice(0, sent.length)).toEqual(sent)
  expect(packets.slice(sent.length)).toEqual([
    { data: sent[0]?.data, atMs: Math.round(report.durationUs / 1000 - 33.3) },
  ])
  const own = frames.filter(({ file, kind }) => file === 'Ada.webm' && kind === 'video')
  expect(own).toHaveLength(sent.length)
})

test('[OPEN4] each frame that is written is told, with its file and time, and no silence', () => {
  const own = frames.filter(({ file, kind }) => file === 'Ada.webm' && kind === 'audio')
  expect(own.map(({ timeUs }) => timeUs)).toEqual(soundFrames.map(({ timeUs }) => timeUs))
})

test('[OPEN6] as MP4 the same frames lie at the same times', async () => {
  const mp4 = collector()
  const parts: number[] = []
  await rewrapAsMp4(ada, mp4.writable, (part) => parts.push(part))
  expect(await mp4.blob().slice(4, 8).text()).toBe('ftyp')
  for (const kind of ['audio', 'video'] as const)
    expect(await packetsOf(mp4.blob(), kind)).toEqual(await packetsOf(ada, kind))
  expect(parts.at(-1)).toBe(1)
})

test('[OPEN6] what is no WebM is refused', async () => {
  await expect(rewrapAsMp4(new Blob(['nothing of the kind']), collector().writable)).rejects.toThrow()
})
