// The bar loses buttons from its tail; a phone has five in all.
import { describe, expect, test } from 'vitest'
import { fitBar, OPTIONAL_BUTTONS } from './toolbar-fit.ts'

describe('fitBar', () => {
  test('a desk shows everything', () => {
    expect(fitBar(1280, OPTIONAL_BUTTONS)).toMatchObject({ wide: true, narrow: false, hidden: [] })
  })

  test('a phone shows microphone, camera, one more, More and Leave', () => {
    const bar = fitBar(390, ['hand', 'chat', 'people'])
    expect(bar).toMatchObject({ narrow: true, shown: ['hand'], hidden: ['chat', 'people'] })
  })

  test('narrowing only ever takes from the tail, and loses nothing', () => {
    for (let width = 480; width < 1400; width += 7) {
      const { shown, hidden } = fitBar(width, OPTIONAL_BUTTONS)
      expect([...shown, ...hidden]).toEqual(OPTIONAL_BUTTONS)
    }
    expect(fitBar(520, OPTIONAL_BUTTONS).shown.length).toBeLessThan(OPTIONAL_BUTTONS.length)
  })
})
