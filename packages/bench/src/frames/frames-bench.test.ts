import { expect, test } from 'vitest'
import type { Contestant } from './contestants.ts'
import { contestantsOf, frameCases } from './contestants.ts'
import { timeInTurns } from './frames-bench.ts'

test('each round asks every contestant for a whole batch, and begins with another one', async () => {
  const asked: string[] = []
  const contestant = (name: Contestant['name']): Contestant & { indexes: number[] } => ({
    name,
    indexes: [],
    prepare: async (count) => {
      asked.push(`${name} ${count}`)
    },
    async once(index) {
      this.indexes.push(index)
    },
  })
  const seal = contestant('seal')
  const times = await timeInTurns([seal, contestant('bare seal')], 2)
  expect(asked).toEqual(['seal 100', 'bare seal 100', 'bare seal 100', 'seal 100'])
  expect(seal.indexes).toEqual([...Array(100).keys(), ...Array(100).keys()])
  expect(times.get('seal')).toHaveLength(2)
  expect(times.get('bare seal')).toHaveLength(2)
})

test.each(frameCases)('[FRM1] what is timed on $name really seals and opens', async (frameCase) => {
  for (const contestant of await contestantsOf(frameCase)) {
    for (let batch = 0; batch < 2; batch++) {
      await contestant.prepare(3)
      for (let i = 0; i < 3; i++) await contestant.once(i)
    }
    // No frame opens twice, with or without a cipher: the checks of replays are part of what is timed.
    if (contestant.name.startsWith('open')) await expect(contestant.once(0)).rejects.toThrow('replayed')
  }
})
