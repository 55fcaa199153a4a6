/**
 * What writing a recording costs (packages/archive): the main thread's time for a packet, the process's CPU at a
 * meeting's pace, and what the disk takes to sync. In the process that calls it, since that is where the server does it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordingStore, StoreFile } from '@huisclos/archive'
import { startRecording } from '@huisclos/archive'
import { folderStore, nativeSha256 } from '@huisclos/archive/node'
import { median } from '../run/statistics.ts'

export interface WriterLoad {
  packetBytes: number
  packetsPerSecond: number
  seconds: number
  /** Where the recording is written; a folder that is made in it is removed again. */
  folder?: string
}

export interface WriterCost {
  packets: number
  /** Packets that are not in the recording: the disk was too slow. */
  dropped: number
  /** The main thread's time for a packet, without what the disk does: the median turn, as others may interrupt some. */
  giveUs: number
  /** The whole process, user and system, per packet. */
  cpuUs: number
  syncs: number
  syncMedianMs: number
  syncMaxMs: number
  writtenBytes: number
}

const TURN_MS = 10

/** Takes the time of each sync. */
function timed(store: RecordingStore, syncMs: number[]): RecordingStore {
  const open = async (name: string): Promise<StoreFile> => {
    const file = await store.open(name)
    const sync = async (): Promise<void> => {
      const from = performance.now()
      await file.sync()
      syncMs.push(performance.now() - from)
    }
    return { write: (offset, pieces) => file.write(offset, pieces), sync, close: () => file.close() }
  }
  return { ...store, open }
}

export async function measureWriter(load: WriterLoad): Promise<WriterCost> {
  const folder = await mkdtemp(join(load.folder ?? tmpdir(), 'hc-writer-'))
  const syncMs: number[] = []
  const now = (): number => performance.timeOrigin + performance.now()
  const store = timed(folderStore(folder), syncMs)
  const writer = startRecording({ store, sha256: nativeSha256, now }, new Uint8Array(16))
  const packet = new Uint8Array(load.packetBytes).map((_, at) => at * 7)
  const total = load.packetsPerSecond * load.seconds
  let given = 0
  const giveUs: number[] = []
  const cpuBefore = process.cpuUsage()
  const begun = performance.now()
  while (given < total) {
    const from = performance.now()
    const before = given
    const due = Math.min(total, ((from - begun) / 1000) * load.packetsPerSecond)
    for (; given < due; given += 1) writer.rtp(1, packet)
    if (given > before) giveUs.push(((performance.now() - from) * 1000) / (given - before))
    await new Promise((resolve) => setTimeout(resolve, TURN_MS))
  }
  const { records } = writer.stats
  await writer.finish()
  const { user, system } = process.cpuUsage(cpuBefore)
  const files = await store.list()
  await rm(folder, { recursive: true })
  return {
    packets: given,
    dropped: given - records,
    giveUs: median(giveUs),
    cpuUs: (user + system) / given,
    syncs: syncMs.length,
    syncMedianMs: median(syncMs),
    syncMaxMs: Math.max(...syncMs),
    writtenBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  }
}
