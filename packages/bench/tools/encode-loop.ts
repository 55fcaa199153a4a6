/**
 * `npm run media -w @huisclos/bench`: encodes the three seconds of picture (VP8 in three sizes) and sound (Opus) that
 * bots send, with Debian's Chromium, and writes them into packages/bench/media. Run by hand; what it wrote last is
 * committed. Nothing is written that Chromium does not decode again.
 */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { padOpus } from '@huisclos/crypto/sframe'
import type { TestPage } from '../../../e2e/support/browsers.ts'
import { ChromiumBrowser } from '../../../e2e/support/browsers.ts'
import type { LoopFile } from '../src/media/loop-file.ts'
import { CLOCK_RATES, decodeLoopFile, encodeLoopFile } from '../src/media/loop-file.ts'
import { LOOP_PICTURES, LOOP_SOUND, loopFileUrl } from '../src/media/loop-files.ts'
import { decodePicture, decodeSound, encodePicture, encodeSound } from './encode-in-page.ts'

const SECONDS = 3
const FRAMES_PER_SECOND = 20
const PACKETS_PER_SECOND = 50
/** Where the encoder lands within a budget of bits is its own affair, within limits. */
const BITRATE_SLACK = 0.25

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
const bitrateOf = (frames: readonly Uint8Array[]): number =>
  (frames.reduce((sum, { length }) => sum + length, 0) * 8) / SECONDS

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

function write(name: string, file: LoopFile): void {
  const bytes = encodeLoopFile(file)
  decodeLoopFile(bytes)
  writeFileSync(loopFileUrl(name), bytes)
  const kilobits = Math.round(bitrateOf(file.frames) / 1000)
  console.log(`${name}: ${file.frames.length} frames, ${bytes.length} bytes, ${kilobits} kbit/s`)
}

async function makePicture(page: TestPage, { name, width, height, bitrate }: (typeof LOOP_PICTURES)[number]) {
  const total = SECONDS * FRAMES_PER_SECOND
  const wish = { width, height, bitrate, frames: total, framesPerSecond: FRAMES_PER_SECOND }
  const encoded = await page.evaluate(encodePicture, { ...wish, keyEvery: FRAMES_PER_SECOND })
  const decoded = await page.evaluate(decodePicture, encoded, FRAMES_PER_SECOND, width)
  check(decoded === total, `${name}: ${decoded} of ${total} pictures decode`)
  const frames = encoded.map(fromBase64)
  const is = bitrateOf(frames)
  check(Math.abs(is / bitrate - 1) <= BITRATE_SLACK, `${name}: ${is} bit/s instead of ${bitrate}`)
  write(name, { codec: 'vp8', width, height, ticksPerFrame: CLOCK_RATES.vp8 / FRAMES_PER_SECOND, frames })
}

async function makeSound(page: TestPage): Promise<void> {
  const { name, bitrate, packetBytes } = LOOP_SOUND
  const total = SECONDS * PACKETS_PER_SECOND
  const encoded = (await page.evaluate(encodeSound, { packets: total, bitrate })).slice(0, total)
  const frames = encoded.map((packet) => {
    const padded = padOpus(fromBase64(packet), packetBytes)
    if (!padded.ok) throw new Error(`${name}: ${padded.code}`)
    return padded.packet
  })
  const decoded = await page.evaluate(
    decodeSound,
    frames.map((frame) => Buffer.from(frame).toString('base64')),
  )
  const most = (total * CLOCK_RATES.opus) / PACKETS_PER_SECOND
  check(frames.length === total && decoded > most * 0.98, `${name}: ${decoded} of ${most} samples decode`)
  const ticksPerFrame = CLOCK_RATES.opus / PACKETS_PER_SECOND
  write(name, { codec: 'opus', width: 0, height: 0, ticksPerFrame, frames })
}

// WebCodecs wants a page of a trustworthy origin, which an empty one is not.
const server = createServer((_, response) => response.end('<!doctype html><title>Encoder</title>'))
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const browser = await ChromiumBrowser.launch()
try {
  const page = await browser.page()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  for (const picture of LOOP_PICTURES) await makePicture(page, picture)
  await makeSound(page)
} finally {
  await browser.close()
  server.close()
}
