/** How much video a page receives and decodes, by the browser's own statistics (`keepConnections` must have run). */
import type { TestPage } from './browsers.ts'

export interface VideoStream {
  /** Bits a second over the time that was watched. */
  bitsPerSecond: number
  framesPerSecond: number
  /** Seconds of decoding for each second that was watched. */
  decodeShare: number
  /** Of the last frame, in pixels. */
  width: number
}

interface Counters {
  bytes: number
  frames: number
  decodeSeconds: number
  width: number
}

/** In the page: counters of each video stream, by the id of its statistics. */
async function readCounters(): Promise<Record<string, Counters>> {
  const kept = (window as unknown as { keptConnections: RTCPeerConnection[] }).keptConnections
  const found: Record<string, Counters> = {}
  for (const connection of kept.filter((one) => one.connectionState !== 'closed')) {
    for (const entry of [...(await connection.getStats()).values()] as Record<string, unknown>[]) {
      // The probator carries no picture: the server measures the path with it.
      if (entry['type'] !== 'inbound-rtp' || entry['kind'] !== 'video' || entry['mid'] === 'probator')
        continue
      found[String(entry['mid'])] = {
        bytes: Number(entry['bytesReceived'] ?? 0),
        frames: Number(entry['framesDecoded'] ?? 0),
        decodeSeconds: Number(entry['totalDecodeTime'] ?? 0),
        width: Number(entry['frameWidth'] ?? 0),
      }
    }
  }
  return found
}

/** Watches for a while and returns the streams of which frames were decoded meanwhile. */
export async function watchVideo(page: TestPage, watchMs: number): Promise<VideoStream[]> {
  const before = await page.evaluate(readCounters)
  const beganAt = performance.now()
  await new Promise((resolve) => setTimeout(resolve, watchMs))
  const after = await page.evaluate(readCounters)
  const seconds = (performance.now() - beganAt) / 1_000
  return Object.entries(after)
    .map(([id, { bytes, frames, decodeSeconds, width }]) => ({
      bitsPerSecond: ((bytes - (before[id]?.bytes ?? 0)) * 8) / seconds,
      framesPerSecond: (frames - (before[id]?.frames ?? 0)) / seconds,
      decodeShare: (decodeSeconds - (before[id]?.decodeSeconds ?? 0)) / seconds,
      width,
    }))
    .filter(({ framesPerSecond }) => framesPerSecond > 0)
}

export const totalBitsPerSecond = (streams: readonly VideoStream[]): number =>
  streams.reduce((sum, { bitsPerSecond }) => sum + bitsPerSecond, 0)
