import { expect, test } from 'vitest'
import { chirpSamples } from './chirp.ts'
import type { HeardPacket } from './heard-sound.ts'
import { HeardSound } from './heard-sound.ts'

const RATE = 8_000
const FRAME = 160

/** Two seconds that came `lateMs` after each was due, with a chirp whose first sample is number `at`. */
function packets(at: number, lateMs = 30): HeardPacket[] {
  const sound = new Int16Array(FRAME * 100)
  sound.set(chirpSamples('up', RATE), at)
  return Array.from({ length: 100 }, (_, number) => ({
    atMs: 1_000 + number * 20 + lateMs,
    number: 500 + number,
    samples: sound.slice(number * FRAME, (number + 1) * FRAME),
  }))
}

test('the delay of a chirp is that of its first sample, wherever it is in its packet', () => {
  for (const at of [FRAME * 20, FRAME * 20 + 77])
    expect(new HeardSound(RATE, packets(at)).delayOf('up', 1_000 + at / 8)).toBeCloseTo(30, 5)
})

test('a chirp that did not come, or came to pieces, is not heard', () => {
  const heard = packets(FRAME * 20)
  expect(new HeardSound(RATE, heard).delayOf('down', 1_400)).toBeNull()
  expect(new HeardSound(RATE, heard).delayOf('up', 2_200)).toBeNull()
  const torn = heard.filter(({ number }) => number < 520 || number > 522)
  expect(new HeardSound(RATE, torn).delayOf('up', 1_400)).toBeNull()
})

test('what is missing and what is late is counted', () => {
  const heard = packets(0).filter(({ number }) => number !== 530 && number !== 540)
  for (const packet of heard.slice(50, 53)) packet.atMs += 25
  const late = heard[60] as HeardPacket
  late.atMs += 15
  expect(new HeardSound(RATE, heard).flow).toEqual({ expected: 100, lost: 2, late: 3 })
  expect(new HeardSound(RATE, []).flow).toEqual({ expected: 0, lost: 0, late: 0 })
})
