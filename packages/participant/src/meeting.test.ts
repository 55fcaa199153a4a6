import { MeetingWorld } from '@huisclos/testkit'
import { expect, test } from 'vitest'

const names = (view: { people: readonly { name: string }[] }) => view.people.map(({ name }) => name)

test('[GRP1] three people enter one group and see each other', async () => {
  const world = await MeetingWorld.start()
  const anna = await world.enter('Anna')
  expect(anna.view.phase).toMatchObject({ at: 'in', alone: true })
  const bob = await world.enter('Bob')
  const chloe = await world.enter('Chloé')
  await world.agree()
  expect(names(anna.view)).toEqual(['Anna', 'Bob', 'Chloé'])
  expect(names(bob.view)).toEqual(['Bob', 'Anna', 'Chloé'])
  expect(names(chloe.view)).toEqual(['Chloé', 'Anna', 'Bob'])
  expect(world.network.faults).toEqual([])
})
