/**
 * SEE1 on real input: three browsers hold a meeting with known names, title, chat and media, while every byte on the
 * WebSocket, every HTTP request and every RTP packet that the media engine gets is kept and judged. The same scan of a
 * client that was built without encryption must fail.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { decodeLink, deriveLinkSecrets } from '../packages/crypto/src/link/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import type { HttpExchange, Needle, TappedStream, WireFrame } from '../packages/testkit/src/scan/index.ts'
import {
  NeedleSearch,
  PacketJudge,
  PlaintextWindows,
  startRecordingProxy,
  tapRtp,
  textNeedle,
  WireJudge,
} from '../packages/testkit/src/scan/index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { Guest } from './support/guest.ts'

const TITLE = 'Dismissal of the treasurer'
const NAMES = ['Ada of Oban', 'Zoë of Skye', 'Noor of Mull'] as const
const CHAT = 'The sum is 4,711,000 and nobody may know'
const PACKETS = 3_000
const web = fileURLToPath(new URL('../packages/web', import.meta.url))

/** In the frame worker: keeps frames as they come from the encoder, before anything is done to them. */
function keepFrames(): void {
  const kept: string[] = []
  let role = ''
  Reflect.set(self, 'keptFrames', kept)
  // The worker reads these options right before it pipes; a listener of ours would come after it.
  const transformer = (Reflect.get(self, 'RTCRtpScriptTransformer') as { prototype: object }).prototype
  const read = Object.getOwnPropertyDescriptor(transformer, 'options')?.get
  Object.defineProperty(transformer, 'options', {
    configurable: true,
    get() {
      const options: { role: string } = read?.call(this)
      role = options.role
      return options
    },
  })
  const pipeThrough = ReadableStream.prototype.pipeThrough
  ReadableStream.prototype.pipeThrough = function tapped(this: ReadableStream, pair, options) {
    if (role !== 'send') return pipeThrough.call(this, pair, options)
    const tap = new TransformStream<{ data: ArrayBuffer }, { data: ArrayBuffer }>({
      transform(frame, controller) {
        if (kept.length < 800)
          kept.push(String.fromCharCode(...new Uint8Array(frame.data).subarray(0, 30_000)))
        controller.enqueue(frame)
      },
    })
    return pipeThrough.call(pipeThrough.call(this, tap), pair, options)
  } as typeof pipeThrough
}

/** In a worker: what `keepFrames` kept, each byte a character. */
const keptFrames = (): string[] => (Reflect.get(self, 'keptFrames') as string[] | undefined) ?? []

interface Recording {
  link: string
  plaintext: PlaintextWindows
  frames: WireFrame[]
  exchanges: HttpExchange[]
  packets: [TappedStream, Uint8Array][]
  faults: unknown[]
}

/** `meeting` is what happens between; whoever is started here is ended here. */
async function record(webRoot?: string): Promise<Recording> {
  await using stack = new AsyncDisposableStack()
  const kept: Recording = {
    link: '',
    plaintext: new PlaintextWindows(),
    frames: [],
    exchanges: [],
    packets: [],
    faults: [],
  }
  const tap = tapRtp((stream, packet) => kept.packets.push([stream, new Uint8Array(packet)]), kept.faults)
  stack.defer(() => tap.stop())
  const server = await startServer({
    port: 0,
    mediaPort: 0,
    logLevel: 'silent',
    ...(webRoot ? { webRoot } : {}),
  })
  stack.defer(() => server.close())
  const proxy = await startRecordingProxy(server.url, {
    frame: (frame) => kept.frames.push(frame),
    exchange: (exchange) => kept.exchanges.push(exchange),
  })
  stack.defer(() => proxy.close())
  const chromium = await ChromiumBrowser.launch()
  stack.defer(() => chromium.close())
  const [ada, zoe, noor] = (await Promise.all(
    NAMES.map(async (name, i) => Guest.at(await chromium.page({ inWorkers: keepFrames }), i, name)),
  )) as [Guest, Guest, Guest]
  kept.link = await ada.createMeeting(proxy.url, TITLE)
  await ada.join()
  for (const guest of [zoe, noor]) {
    await guest.open(kept.link)
    await guest.reads(TITLE)
    await guest.join()
  }
  for (const guest of [ada, zoe, noor]) await guest.seesPeople([...NAMES])
  for (const guest of [ada, zoe]) await guest.press(/^Chat/)
  await ada.write(/message/i, CHAT)
  await ada.press(/^Send$/)
  await zoe.reads(CHAT)
  const enough = Date.now() + 45_000
  while (kept.packets.length < PACKETS && Date.now() < enough) await new Promise((r) => setTimeout(r, 250))
  for (const { page } of [ada, zoe, noor]) {
    for (const frames of await chromium.fromWorkers(page, keptFrames)) {
      for (const frame of frames) kept.plaintext.add(Buffer.from(frame, 'latin1'))
    }
  }
  return kept
}

function needlesOf(href: string): Needle[] {
  const decoded = decodeLink(href)
  if (!decoded.ok) throw new Error(decoded.code)
  const { secret, room } = decoded.link
  const { descriptor, root } = deriveLinkSecrets(secret, room)
  return [
    ...NAMES.map((name) => textNeedle('a name', name)),
    textNeedle('the title', TITLE),
    textNeedle('a line of chat', CHAT),
    { what: "the link's secret", bytes: secret },
    { what: "the descriptor's key", bytes: descriptor },
    { what: 'the root of all groups', bytes: root },
  ]
}

function judge({ link, frames, exchanges, packets, plaintext }: Recording) {
  const search = new NeedleSearch(needlesOf(link))
  const wire = new WireJudge(search)
  for (const frame of frames) wire.frame(frame)
  for (const exchange of exchanges) wire.exchange(exchange)
  const media = new PacketJudge(search, plaintext)
  for (const [stream, packet] of packets) media.packet(stream, packet)
  return { wire, media }
}

/** Each defect once, with how often it was found. */
function counted(defects: readonly { where: string; what: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { where, what } of defects) counts[`${where}: ${what}`] = (counts[`${where}: ${what}`] ?? 0) + 1
  return counts
}

describe('what the server sees of a meeting in browsers', () => {
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })

  test('[SEE1] every field, header extension and frame is on the list, and nothing known is in any byte', async () => {
    const recording = await record()
    const { wire, media } = judge(recording)
    expect(recording.faults).toEqual([])
    expect(counted(wire.defects)).toEqual({})
    expect(counted(media.defects)).toEqual({})
    expect(wire.frames).toBeGreaterThan(100)
    expect(recording.exchanges.map(({ method }) => method)).toContain('PUT')
    expect(media.frames).toBeGreaterThan(500)
    expect(recording.plaintext.bytes).toBeGreaterThan(100_000)
    const leaves = new Set([...media.senders].map((sender) => sender.split('/')[0]))
    expect([...leaves].sort()).toEqual(['0', '1', '2'])
  })

  test('[SEE1] control: the scan of a client built without encryption fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'huisclos-clear-'))
    folders.push(folder)
    const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url))
    await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', folder, '--emptyOutDir'], {
      cwd: web,
      env: { ...process.env, VITE_HUISCLOS_BENCH_CLEAR: '1' },
    })
    const { wire, media } = judge(await record(folder))
    expect(counted(wire.defects)).toEqual({})
    expect(media.defects.length).toBeGreaterThan(media.frames / 2)
    expect(media.defects.map(({ what }) => what)).toContain('sixteen bytes of a frame in clear')
  })
})
