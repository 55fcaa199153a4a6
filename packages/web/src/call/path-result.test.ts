import { expect, test } from 'vitest'
import { testStatistics } from '../../test/statistics.ts'
import { judgePath } from './path-result.ts'

const at = (seconds: number, counts: Parameters<typeof testStatistics>[0]) => ({
  at: seconds * 1_000,
  statistics: testStatistics(counts),
})

test('no second sample is no connection; nothing decoded is no media', () => {
  const idle = at(0, {})
  expect(judgePath([])).toEqual({ state: 'fails', why: 'no-connection' })
  expect(judgePath([idle])).toEqual({ state: 'fails', why: 'no-connection' })
  expect(judgePath([idle, at(1, { bytesUp: 1_000, sent: 10 })])).toEqual({ state: 'fails', why: 'no-media' })
})

test('bit rates are of the later half, loss is of the whole', () => {
  const result = judgePath([
    at(0, {}),
    at(2, { bytesUp: 10_000, bytesDown: 0, sent: 50, received: 10, decoded: 1 }),
    at(4, {
      bytesUp: 260_000,
      bytesDown: 125_000,
      sent: 200,
      lostUp: 10,
      received: 90,
      lostDown: 10,
      decoded: 40,
      roundTripMs: 31,
    }),
  ])
  expect(result).toEqual({
    state: 'works',
    roundTripMs: 31,
    upBps: 1_000_000,
    downBps: 500_000,
    lossUp: 0.05,
    lossDown: 0.1,
  })
})

test('packets that came late do not make loss negative', () => {
  const result = judgePath([at(0, {}), at(1, { decoded: 5, received: 10, lostDown: -2, sent: 1 })])
  expect(result).toMatchObject({ state: 'works', lossDown: 0 })
})
