import type { Participant } from '@huisclos/testkit'
import { MeetingWorld } from '@huisclos/testkit'
import { expect, test } from 'vitest'

const MOST = 5
const isOver = ({ view }: Participant) => view.phase.at === 'ended'
/** Leaving takes a moment: who did so last was still among the living. */
const hasLeft = ({ view }: Participant) => view.phase.at === 'ended' && view.phase.why === 'left'

/** One thing that happens to a meeting; what it was, for the log of a failing run. */
async function happen(world: MeetingWorld, pick: <T>(list: readonly T[]) => T): Promise<string> {
  const living = world.participants.filter((p) => !isOver(p))
  const linked = living.filter(({ line }) => !line.down)
  const roll = world.random()
  if (living.length < 2 || (roll < 0.3 && living.length < MOST)) {
    const made = world.make(`P${world.participants.length}`)
    await made.meeting.start()
    return `${made.name} comes`
  }
  const who = pick(living)
  if (roll < 0.4) {
    void who.meeting.leave()
    return `${who.name} leaves`
  }
  if (roll < 0.5) {
    who.meeting.farewell()
    return `${who.name} closes the page`
  }
  if (roll < 0.6) {
    who.line.cut()
    who.line.down = true
    return `${who.name} loses the network`
  }
  if (roll < 0.7 && linked.length > 0) {
    const one = pick(linked)
    one.line.cut()
    return `${one.name} blinks`
  }
  if (roll < 0.75) {
    who.line.mute()
    return `${who.name}'s line dies in silence`
  }
  if (roll < 0.8) {
    who.meeting.sendChat(`line ${world.participants.length}`)
    return `${who.name} writes`
  }
  for (const { line } of world.participants) line.down = false
  return 'the network is back for all'
}

async function live(seed: number, steps: number): Promise<void> {
  const world = await MeetingWorld.start({ seed, delayMs: [2, 120] })
  const pick = <T>(list: readonly T[]): T => list[Math.floor(world.random() * list.length)]!
  const log: string[] = []
  let living: Participant[] = []
  try {
    for (let i = 0; i < steps; i++) {
      log.push(await happen(world, pick))
      await world.clock.advance(world.random() < 0.03 ? 130_000 : world.random() * 3_000)
    }
    for (const { line } of world.participants) line.down = false
    living = world.participants.filter((p) => !isOver(p))
    // Whoever was cut off for good is warranted and removed after two minutes.
    await world.clock.until(
      () => living.every((p) => p.view.phase.at === 'in' || hasLeft(p)) && world.agreed(),
      'one epoch and one roster everywhere',
      300_000,
    )
    expect(world.network.faults).toEqual([])
    expect(living.flatMap(({ view }) => view.alarms.filter(({ kind }) => kind === 'refused-commit'))).toEqual(
      [],
    )
  } catch (error) {
    const states = world.participants
      .filter((p) => living.includes(p) || !isOver(p))
      .map(({ name, view }) => {
        const people = view.people.map((p) => `${p.leaf} ${p.name || '?'} ${p.state}`).join(', ')
        return `${name}: ${JSON.stringify(view.phase)} at ${view.security.epoch}: ${people}; ${view.alarms.map((a) => a.kind)}`
      })
    throw new Error(`seed ${seed}\n${log.join('\n')}\n${states.join('\n')}`, { cause: error })
  }
}

test('[ORD1] [GRP6] [GRP10] two hundred comings and goings end in one epoch and one roster', async () => {
  const seed = Number(process.env['HUISCLOS_SEED'] ?? Math.floor(Math.random() * 1e9))
  await live(seed, 200)
}, 300_000)
