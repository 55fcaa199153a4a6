import { expect, test } from 'vitest'
import { frameTransform } from './frame-transform.ts'

const frame = (byte: number) => ({ data: new Uint8Array([byte]).buffer })

/** Pipes frames as the worker does; `passed`: the first byte of each that came out. */
async function run(
  frames: { data: ArrayBuffer }[],
  replaced: (frame: { data: ArrayBuffer }) => Promise<Uint8Array<ArrayBuffer> | null>,
) {
  let faults = 0
  const passed: (number | undefined)[] = []
  const into = new WritableStream<{ data: ArrayBuffer }>({
    write: ({ data }) => void passed.push(new Uint8Array(data)[0]),
  })
  const each = new TransformStream(frameTransform(replaced, () => void faults++))
  const source = new ReadableStream<{ data: ArrayBuffer }>({
    start: (controller) => {
      for (const one of frames) controller.enqueue(one)
      controller.close()
    },
  })
  const ended = await source
    .pipeThrough(each)
    .pipeTo(into)
    .then(
      () => 'closed',
      () => 'failed',
    )
  return { passed, faults, ended }
}

const first = ({ data }: { data: ArrayBuffer }) => new Uint8Array(data)[0] ?? 0

test('[FRM2] what goes on is the replaced bytes; a frame without any is dropped', async () => {
  const replaced = async (one: { data: ArrayBuffer }) =>
    first(one) === 2 ? null : new Uint8Array([first(one) + 100])
  expect(await run([1, 2, 3].map(frame), replaced)).toEqual({
    passed: [101, 103],
    faults: 0,
    ended: 'closed',
  })
})

test('[FRM2] an error is told as a fault, once, and neither that frame nor a later one goes on', async () => {
  const replaced = async (one: { data: ArrayBuffer }) => {
    if (first(one) >= 2) throw new Error('on purpose')
    return new Uint8Array([101])
  }
  expect(await run([1, 2, 3].map(frame), replaced)).toEqual({ passed: [101], faults: 1, ended: 'failed' })
})

test('[FRM2] a frame that takes no bytes is a fault as well, and does not go on in clear', async () => {
  const stiff = Object.freeze(frame(1))
  expect(await run([stiff], async () => new Uint8Array([101]))).toEqual({
    passed: [],
    faults: 1,
    ended: 'failed',
  })
})

test('a stream that its owner ends with an error is no fault of ours', async () => {
  let faults = 0
  const each = new TransformStream(
    frameTransform(
      async () => new Uint8Array([1]),
      () => void faults++,
    ),
  )
  const closed = new ReadableStream<{ data: ArrayBuffer }>({
    start: (controller) => controller.error(new Error('the transport was closed')),
  })
  await expect(closed.pipeThrough(each).pipeTo(new WritableStream())).rejects.toThrow()
  expect(faults).toBe(0)
})
