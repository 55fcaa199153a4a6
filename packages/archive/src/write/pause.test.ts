/** What a writer does while its disk takes nothing. */
import { expect, test } from 'vitest'
import { FailingStore } from '../testing/failing-store.ts'
import { describeStream, quietWriter, readAll } from '../testing/small-recording.ts'
import type { StoreFault } from './recording-store.ts'

const packet = (value: number): Uint8Array => new Uint8Array(100).fill(value)

test.each<[StoreFault, boolean]>([
  ['disk-full', false],
  ['disk-full', true],
  ['store-failed', false],
  ['store-failed', true],
])(
  '[REC4, ARC3] %s (on syncing: %s): pauses by name, goes on, and the gap is written down',
  async (fault, onSyncOnly) => {
    const store = new FailingStore()
    const states: string[] = []
    const onState = (state: { at: string; why?: string }) => states.push(state.why ?? state.at)
    const { clock, writer } = quietWriter({}, { store, onState })
    const one = writer.openStream(describeStream(1))!
    writer.rtp(one, packet(1))
    await writer.flush()
    Object.assign(store, { fault, onSyncOnly })
    clock.nowMs += 1000
    writer.rtp(one, packet(2))
    await writer.flush()
    clock.nowMs += 1000
    for (let count = 0; count < 5; count += 1) writer.rtp(one, packet(3))
    const two = writer.openStream(describeStream(2))!
    writer.envelope({ peer: 'p', group: 'g', epoch: 2, part: 0, sealed: packet(9) })
    await writer.flush()
    expect(writer.state).toEqual({ at: 'paused', why: fault, sinceUs: 1_000_000 })
    store.fault = null
    clock.nowMs += 1000
    await writer.flush()
    expect(writer.state).toEqual({ at: 'running' })
    writer.rtp(two, packet(4))
    expect((await writer.finish()).at).toBe('sealed')
    expect(states).toEqual([fault, 'running', 'finishing', 'finished'])
    const { records, damage } = await readAll(store)
    expect(damage).toEqual([])
    // What was under way when the disk filled up is kept; what came during the pause is counted.
    expect(records.flatMap((record) => (record.type === 'rtp' ? [record.packet[0]] : []))).toEqual([1, 2, 4])
    expect(records.map(({ type }) => type)).toEqual([
      'stream-opened',
      'rtp',
      'rtp',
      'stream-opened',
      'envelope',
      'event',
      'rtp',
    ])
    expect(records.find(({ type }) => type === 'event')).toMatchObject({
      event: { code: `gap-${fault}`, fromUs: 1_000_000, toUs: 3_000_000, records: 5, bytes: 500 },
    })
  },
)

test('[ARC3] it pauses while there is still room to end properly, and resumes at twice that', async () => {
  const store = new FailingStore()
  store.free = 1000
  const { writer } = quietWriter({ reserveBytes: 1000 }, { store })
  const stream = writer.openStream(describeStream(1))!
  await writer.flush()
  store.free = 999
  await writer.flush()
  expect(writer.state).toMatchObject({ at: 'paused', why: 'disk-full' })
  store.free = 1999
  await writer.flush()
  expect(writer.state.at).toBe('paused')
  store.free = 2000
  await writer.flush()
  expect(writer.state.at).toBe('running')
  store.free = 999
  await writer.flush()
  writer.rtp(stream, packet(1))
  expect((await writer.finish()).at).toBe('sealed')
  const { records, damage } = await readAll(store)
  expect(damage).toEqual([])
  expect(records.at(-1)).toMatchObject({ event: { code: 'gap-disk-full', records: 1 } })
})

test('[ARC3] a disk that is slower than the meeting costs media and no memory', async () => {
  const store = new FailingStore()
  const { promise, resolve } = Promise.withResolvers<void>()
  store.slow = promise
  const { writer } = quietWriter({ bufferBytes: 10_000 }, { store })
  const stream = writer.openStream(describeStream(1))!
  const flushing = writer.flush()
  for (let count = 0; count < 500; count += 1) writer.rtp(stream, packet(count & 0xff))
  expect(writer.state).toMatchObject({ at: 'paused', why: 'overload' })
  expect(writer.stats.waitingBytes).toBeLessThan(11_000)
  store.slow = null
  resolve()
  await flushing
  await writer.flush()
  expect(writer.state.at).toBe('running')
  await writer.finish()
  const { records } = await readAll(store)
  const kept = records.filter(({ type }) => type === 'rtp').length
  expect(records.at(-1)).toMatchObject({ event: { code: 'gap-overload', records: 500 - kept } })
})

test('[ARC3] an end that finds no room is no end: it may be tried again', async () => {
  const store = new FailingStore()
  const { writer } = quietWriter({}, { store })
  writer.rtp(writer.openStream(describeStream(1))!, packet(1))
  store.fault = 'disk-full'
  expect(await writer.finish()).toEqual({ at: 'unsealed', why: 'disk-full' })
  store.fault = null
  expect((await writer.finish()).at).toBe('sealed')
  expect((await readAll(store)).damage).toEqual([])
})
