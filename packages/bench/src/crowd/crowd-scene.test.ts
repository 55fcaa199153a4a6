import { afterAll, beforeAll, expect, test } from 'vitest'
import { CrowdScene } from './crowd-scene.ts'

let scene: CrowdScene
beforeAll(async () => {
  scene = await CrowdScene.open()
}, 30_000)
afterAll(() => scene.close(), 20_000)

test('people join one by one, sleepers sit on real leaves, and whoever joins after them is let in', async () => {
  const second = await scene.join()
  expect(second).toMatchObject({ people: 2, awake: 2 })
  expect(second.pictureMs).toBeGreaterThan(second.inMs * 0.5)
  await scene.fillTo(5)
  const after = await scene.join()
  expect(after).toMatchObject({ people: 6, awake: 3, pictureMs: null })
  await scene.newcomersLeave()
  expect(scene.people).toBe(4)
  const again = await scene.join()
  expect(again).toMatchObject({ people: 5, awake: 2 })
  for (const { inMs, waitedShare, loopBusy } of [second, after, again]) {
    expect(inMs).toBeGreaterThan(10)
    expect(waitedShare).toBeGreaterThanOrEqual(0)
    expect(loopBusy).toBeGreaterThan(0)
  }
}, 60_000)

test('memory is that of the server with all of them in the meeting', async () => {
  const { people, serverBytes, workerBytes } = await scene.memory()
  expect(people).toBe(5)
  expect(serverBytes).toBeGreaterThan(30 * 2 ** 20)
  expect(workerBytes).toBeGreaterThan(2 ** 20)
}, 20_000)
