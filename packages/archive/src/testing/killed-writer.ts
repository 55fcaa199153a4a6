/** Starts a writer in a process of its own, kills it at some moment, and looks at what is on the disk. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folderStore, nativeSha256 } from '../node/index.ts'
import type { Damage } from '../read/damage.ts'
import { closeRecovered, recoverRecording } from '../write/recover.ts'
import { readAll } from './small-recording.ts'

const PROGRAM = fileURLToPath(new URL('./crash-writer.ts', import.meta.url))

export interface Killed {
  packets: number
  /** The packets that are there are the first ones, without a hole. */
  inOrder: boolean
  /** Between the last packet on the disk and the kill. */
  lostMs: number
  segments: number
  cutBytes: number
  damage: Damage[]
}

/** @param afterMs how long after its first packets the writer is killed */
export async function killWriter(afterMs: number): Promise<Killed> {
  const folder = await mkdtemp(join(tmpdir(), 'hc-killed-'))
  const child = spawn(process.execPath, [PROGRAM, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(child.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    const killedAt = performance.timeOrigin + performance.now()
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
    return await examine(folder, killedAt)
  } finally {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  }
}

async function examine(folder: string, killedAt: number): Promise<Killed> {
  const store = folderStore(folder)
  const options = { store, sha256: nativeSha256, now: () => performance.timeOrigin + performance.now() }
  const recovery = await recoverRecording(options)
  if (recovery.at !== 'recovered') {
    return {
      packets: 0,
      inOrder: true,
      lostMs: Number.POSITIVE_INFINITY,
      segments: 0,
      cutBytes: 0,
      damage: [],
    }
  }
  await closeRecovered(options, recovery.recovered)
  const { records, damage } = await readAll(store)
  const packets = records.flatMap((record) => (record.type === 'rtp' ? [Buffer.from(record.packet)] : []))
  return {
    packets: packets.length,
    inOrder: packets.every((packet, at) => packet.readUInt32BE(0) === at),
    lostMs: killedAt - (packets.at(-1)?.readDoubleBE(4) ?? 0),
    segments: recovery.recovered.segments.length,
    cutBytes: recovery.recovered.cut?.bytes ?? 0,
    damage,
  }
}
