/** For tests: sound files as baresip plays and writes them, 16-bit PCM. A file that still grows can be read. */
import { readFileSync, writeFileSync } from 'node:fs'

const HEAD_BYTES = 44

export interface WaveForm {
  rate: number
  channels: number
}

export function writeTone(path: string, hertz: number, seconds: number, { rate, channels }: WaveForm): void {
  const data = Buffer.alloc(rate * seconds * channels * 2)
  for (let i = 0; i < rate * seconds; i += 1) {
    const sample = Math.round(6000 * Math.sin((2 * Math.PI * hertz * i) / rate))
    for (let c = 0; c < channels; c += 1) data.writeInt16LE(sample, (i * channels + c) * 2)
  }
  const head = Buffer.alloc(HEAD_BYTES)
  head.write('RIFF', 0)
  head.writeUInt32LE(HEAD_BYTES - 8 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * channels * 2, 28)
  head.writeUInt16LE(channels * 2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  writeFileSync(path, Buffer.concat([head, data]))
}

/** The first channel's last `seconds`, and the rate; null before the file has a head. */
export function readEnd(path: string, seconds: number): { samples: number[]; rate: number } | null {
  const file = readFileSync(path)
  if (file.length < HEAD_BYTES) return null
  const rate = file.readUInt32LE(24)
  const step = file.readUInt16LE(22) * 2
  const frames = Math.floor((file.length - HEAD_BYTES) / step)
  const from = Math.max(0, frames - Math.round(rate * seconds))
  const samples = Array.from({ length: frames - from }, (_, i) =>
    file.readInt16LE(HEAD_BYTES + (from + i) * step),
  )
  return { samples, rate }
}
