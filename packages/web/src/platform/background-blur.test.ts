import { expect, test } from 'vitest'
import { blurOf, setBlur } from './background-blur.ts'

function camera(able: object, refuse = false) {
  let blurred = false
  const asked: object[] = []
  const track = {
    getCapabilities: () => able,
    getSettings: () => ({ backgroundBlur: blurred }),
    getConstraints: () => ({ width: { ideal: 1280 } }),
    applyConstraints: async (wish: { backgroundBlur: boolean }) => {
      asked.push(wish)
      if (refuse) throw new Error('no')
      blurred = wish.backgroundBlur
    },
  } as unknown as MediaStreamTrack
  return { track, asked }
}

test('[DEV9] a camera that can blur is switched, and keeps its other constraints', async () => {
  const { track, asked } = camera({ backgroundBlur: [false, true] })
  expect(blurOf(track)).toBe(false)
  await setBlur(track, true)
  expect(blurOf(track)).toBe(true)
  expect(asked).toEqual([{ width: { ideal: 1280 }, backgroundBlur: true }])
})

test.each([[{}], [{ backgroundBlur: [true] }], [{ backgroundBlur: [false] }]])(
  '[DEV9] a camera that cannot be switched (%j) offers nothing',
  (able) => {
    expect(blurOf(camera(able).track)).toBeNull()
  },
)

test('[DEV9] a refusal leaves it as it is', async () => {
  const { track } = camera({ backgroundBlur: [false, true] }, true)
  await setBlur(track, true)
  expect(blurOf(track)).toBe(false)
})
