import { describe, expect, test } from 'vitest'
import { AnswerCache } from './answer-cache.ts'

describe('AnswerCache', () => {
  test('[SIG5] a request is carried out once and answered alike ever after', () => {
    const cache = new AnswerCache()
    expect(cache.begin(1)).toEqual({ at: 'new' })
    expect(cache.begin(1)).toEqual({ at: 'pending' })
    cache.finish(1, 'first')
    expect(cache.begin(1)).toEqual({ at: 'answered', text: 'first' })
  })

  test('[SIG5] the last 256 answers are kept', () => {
    const cache = new AnswerCache()
    for (let id = 1; id <= 300; id += 1) {
      cache.begin(id)
      cache.finish(id, String(id))
    }
    expect(cache.begin(300)).toMatchObject({ at: 'answered' })
    expect(cache.begin(45)).toMatchObject({ at: 'answered' })
    expect(cache.begin(44)).toEqual({ at: 'new' })
  })

  test('[SIG7] unanswered requests are bounded', () => {
    const cache = new AnswerCache()
    const seen = Array.from({ length: 200 }, (_, id) => cache.begin(id).at)
    expect(seen.filter((at) => at === 'new')).toHaveLength(128)
    expect(seen.at(-1)).toBe('overloaded')
    cache.finish(0, 'done')
    expect(cache.begin(500)).toEqual({ at: 'new' })
  })
})
