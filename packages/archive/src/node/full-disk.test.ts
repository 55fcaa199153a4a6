/** A real file system that runs full under a recording: a small tmpfs. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillDisk, whyNoFullDisk } from '@huisclos/testkit/fault-lab'
import { describe, expect, test, vi } from 'vitest'
import { describeStream, RECORDING, readAll } from '../testing/small-recording.ts'
import type { WriterState } from '../write/recording-writer.ts'
import { startRecording } from '../write/recording-writer.ts'
import { folderStore } from './folder-store.ts'
import { nativeSha256 } from './native-sha256.ts'

const reason = whyNoFullDisk()
const title = reason === null ? '' : ` (left out: needs a file system of its own, and here: ${reason})`

function recordOn(path: string, reserveBytes: number) {
  const store = folderStore(path)
  const states: WriterState[] = []
  const now = (): number => performance.timeOrigin + performance.now()
  const limits = { flushMs: 20, reserveBytes }
  const onState = (state: WriterState) => states.push(state)
  const writer = startRecording({ store, sha256: nativeSha256, now, limits, onState }, RECORDING)
  return { store, states, writer, stream: writer.openStream(describeStream(1))! }
}

describe.skipIf(reason !== null)(`a disk that runs full${title}`, () => {
  test.each([0, 8_192])(
    '[REC4, ARC3] (reserve %i) it pauses by name, goes on when there is room, and the gap is in it',
    async (reserve) => {
      using disk = fillDisk()
      disk.free()
      const ballast = join(disk.path, 'someone-elses')
      writeFileSync(ballast, Buffer.alloc(32_768))
      const { store, states, writer, stream } = recordOn(join(disk.path, 'recording'), reserve)
      let given = 0
      const give = (): void => {
        writer.rtp(stream, Buffer.alloc(1_000, given & 0xff))
        given += 1
      }
      await vi.waitFor(
        () => {
          give()
          expect(writer.state).toMatchObject({ at: 'paused', why: 'disk-full' })
        },
        { timeout: 10_000, interval: 5 },
      )
      for (let count = 0; count < 20; count += 1) give()
      rmSync(ballast)
      await vi.waitFor(() => expect(writer.state).toEqual({ at: 'running' }), {
        timeout: 10_000,
        interval: 10,
      })
      give()
      expect((await writer.finish()).at).toBe('sealed')
      const { records, damage } = await readAll(store)
      expect(damage).toEqual([])
      const kept = records.flatMap((record) => (record.type === 'rtp' ? [record.packet[0]] : []))
      const gap = records.find(({ type }) => type === 'event')
      if (gap?.type !== 'event') throw new Error('no gap')
      // Every packet is in the recording or counted in its gap.
      expect(gap.event).toMatchObject({ code: 'gap-disk-full', records: given - kept.length })
      expect(gap.event.records).toBeGreaterThanOrEqual(20)
      expect(gap.event.fromUs).toBeLessThan(gap.event.toUs)
      expect(kept.at(-1)).toBe((given - 1) & 0xff)
      expect(states.map(({ at }) => at)).toEqual(['paused', 'running', 'finishing', 'finished'])
    },
  )

  test('[ARC3] begun on a full disk, it is paused from the start and begins when there is room', async () => {
    using disk = fillDisk()
    const { store, writer, stream } = recordOn(join(disk.path, 'recording'), 0)
    writer.rtp(stream, Buffer.alloc(1_000, 1))
    await vi.waitFor(() => expect(writer.state).toMatchObject({ at: 'paused', why: 'disk-full' }), {
      interval: 5,
    })
    expect(await writer.finish()).toEqual({ at: 'unsealed', why: 'disk-full' })
    disk.free()
    expect((await writer.finish()).at).toBe('sealed')
    const { records, damage } = await readAll(store)
    expect(damage).toEqual([])
    expect(records.map(({ type }) => type)).toEqual(['stream-opened', 'rtp', 'event'])
  })
})
