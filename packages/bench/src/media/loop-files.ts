/** Which loops there are in packages/bench/media, and each read once a process. tools/encode-loop.ts makes them. */
import { readFileSync } from 'node:fs'
import type { LoopFile } from './loop-file.ts'
import { decodeLoopFile } from './loop-file.ts'

/** Simulcast layers of a camera, smallest first, all of one frame rate; bitrates in bit/s. */
export const LOOP_PICTURES = [
  { name: 'picture-160x90.ivf', width: 160, height: 90, bitrate: 80_000 },
  { name: 'picture-320x180.ivf', width: 320, height: 180, bitrate: 200_000 },
  { name: 'picture-640x360.ivf', width: 640, height: 360, bitrate: 500_000 },
] as const

/** The bitrate and padded packet size (FRM4) of the client's microphone. */
export const LOOP_SOUND = { name: 'sound.ivf', bitrate: 40_000, packetBytes: 102 } as const

export const loopFileUrl = (name: string): URL => new URL(`../../media/${name}`, import.meta.url)

const read = new Map<string, LoopFile>()

/** @throws LoopFileError when the file is not as it was made */
export function readLoop(name: string): LoopFile {
  const known = read.get(name)
  if (known) return known
  const file = decodeLoopFile(readFileSync(loopFileUrl(name)))
  read.set(name, file)
  return file
}
