import type { EpochView } from '@huisclos/crypto/mls'
import { encodeRecordingOrder } from '@huisclos/crypto/seal'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OrderNews } from './order-watch.ts'
import { OrderWatch } from './order-watch.ts'

const order = (byte: number) =>
  encodeRecordingOrder({
    recording: new Uint8Array(16).fill(byte),
    publicKey: new Uint8Array(1216),
    owner: 'Archives',
  })

/** What an epoch orders: a recording's number or none, perhaps paused. */
type Ordered = { recording: number | null; paused?: boolean }

function viewAt(epoch: number, { recording, paused = false }: Ordered): EpochView {
  const recordingKey = recording === null ? null : order(recording)
  return { epoch, context: { policy: { recordingKey, recordingPaused: paused } } } as EpochView
}

const NONE: Ordered = { recording: null }
const ONE: Ordered = { recording: 1 }

/** Goes through epochs, one a minute, after entering in the first; what news each brought. */
function goThrough(watch: OrderWatch, epochs: readonly Ordered[]): (OrderNews | null)[] {
  return epochs.map((ordered, epoch) =>
    watch.epoch(viewAt(epoch, ordered), {
      now: epoch * 60_000,
      struck: false,
      entered: epoch === 0,
      committer: 'Anna',
    }),
  )
}

const sealable = (watch: OrderWatch, count: number) =>
  Array.from({ length: count }, (_, epoch) => watch.sealable(epoch))

test('[REC15] the epoch that brings the order is not sealed, nor the one that pauses or ends it', () => {
  const watch = new OrderWatch()
  const epochs = [NONE, ONE, ONE, { ...ONE, paused: true }, { ...ONE, paused: true }, ONE, ONE, NONE, NONE]
  const news = [null, 'started', null, 'paused', null, 'resumed', null, 'stopped', null]
  expect(goThrough(watch, epochs)).toEqual(news)
  expect(sealable(watch, epochs.length)).toEqual([
    false,
    false,
    true,
    false,
    false,
    false,
    true,
    false,
    false,
  ])
})

test('[REC15] whoever comes in enters an epoch that may be sealed, and a strike takes the order back with the epoch', () => {
  const late = new OrderWatch()
  goThrough(late, [ONE])
  expect(late.sealable(0)).toBe(true)
  expect(late.shown).toMatchObject({ by: null, stopping: false })
  const watch = new OrderWatch()
  goThrough(watch, [NONE, ONE])
  watch.epoch(viewAt(0, NONE), { now: 61_000, struck: true, entered: false, committer: null })
  watch.epoch(viewAt(1, ONE), { now: 62_000, struck: false, entered: false, committer: null })
  expect(watch.sealable(1)).toBe(false)
})

test('[REC16] the mark goes out when our senders have left the last sealed epoch and others had the time to', () => {
  const watch = new OrderWatch()
  goThrough(watch, [NONE, ONE, ONE, NONE])
  const at = 3 * 60_000
  expect(watch.shown).toMatchObject({ stopping: true })
  watch.look(at + 60_000, 2)
  expect(watch.shown).not.toBe(null)
  watch.look(at + 2_400, 3)
  expect(watch.shown).not.toBe(null)
  watch.look(at + 2_500, 3)
  expect(watch.shown).toBe(null)
})

test('[REC16] whatever happens, an epoch that may be sealed has its recording on the screen', () => {
  const ordered = fc.oneof(
    fc.constant(NONE),
    fc.record({ recording: fc.constantFrom(1, 2), paused: fc.boolean() }),
  )
  void fc.assert(
    fc.property(fc.array(ordered, { minLength: 1, maxLength: 14 }), (epochs) => {
      const watch = new OrderWatch()
      goThrough(watch, [epochs[0] ?? NONE])
      for (const [epoch, each] of epochs.entries()) {
        if (epoch > 0)
          watch.epoch(viewAt(epoch, each), {
            now: epoch * 10,
            struck: false,
            entered: false,
            committer: null,
          })
        watch.look(epoch * 10, epoch)
        if (!watch.sealable(epoch)) continue
        expect(watch.order?.id).toBe(watch.shown?.order.id)
        expect(watch.sealing).toBe(true)
        expect(each.paused ?? false).toBe(false)
      }
    }),
  )
})
