/** [REC14] Recordings in disorder: ordered, paused and ended while people come, leave and answer, and hosts are lost. */
import { newRecordingKey } from '@huisclos/crypto/seal'
import { expect, test } from 'vitest'
import { seeded } from './fake-clock.ts'
import type { Person } from './hostile/attack-world.ts'
import { AttackWorld } from './hostile/attack-world.ts'
import { BlindRecorder } from './hostile/blind-recorder.ts'

const key = await newRecordingKey()
const isOver = ({ view }: Person) => view.phase.at === 'ended'
const isIn = ({ view }: Person) => view.phase.at === 'in'

interface Play {
  world: AttackWorld
  people: Person[]
  random: () => number
}

/** One thing that happens; what it was, for the log of a failing run. */
async function happen({ world, people, random }: Play): Promise<string> {
  const living = people.filter((each) => !isOver(each))
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const roll = random()
  const who = pick(living.filter(isIn))
  const host = living.filter(isIn).find(({ view }) => view.selfHost)
  if (living.length < 2 || (roll < 0.25 && living.length < 5)) {
    // The holder of the room's key comes back whenever no host is there.
    const seed = living.some(({ view }) => view.selfHost) ? {} : { hostSeed: world.host.seed }
    const person = world.person(`P${people.length}`, seed)
    people.push(person)
    await person.start()
    return `${person.name} comes`
  }
  if (roll < 0.4 && who) {
    void who.meeting.leave()
    return `${who.name} leaves`
  }
  if (roll < 0.6 && host) {
    const { ordered } = host.view.recording
    const order = { publicKey: key.publicKey, owner: 'Archives', withMe: random() < 0.5 }
    const done =
      ordered === null
        ? host.meeting.startRecording(order)
        : random() < 0.5
          ? host.meeting.stopRecording()
          : host.meeting.pauseRecording(!ordered.paused)
    // A host that leaves meanwhile, or is none yet by its key, is refused.
    done.catch(() => {})
    return `${host.name} orders`
  }
  for (const each of living) {
    const { ordered } = each.view.recording
    if (ordered) each.meeting.answerRecording(ordered.id, random() < 0.6)
  }
  return 'everybody answers'
}

const answerAll = (people: Person[]) => {
  for (const { view, meeting } of people)
    if (view.phase.at === 'waiting-consent') meeting.answerRecording(view.recording.ordered?.id ?? '', false)
}

async function live(seed: number, steps: number): Promise<void> {
  const world = await AttackWorld.open({ hosted: true, recordable: true })
  const play: Play = { world, people: [], random: seeded(seed) }
  const recorder = new BlindRecorder(world.server, () =>
    play.people
      .filter((each) => !isOver(each) && world.server.asked('hello', each.name).length > 0)
      .map(({ name }) => name),
  )
  const log: string[] = []
  try {
    for (let i = 0; i < steps; i++) {
      log.push(await happen(play))
      await world.clock.advance(play.random() * 4_000)
    }
    // Who leaves last may still be saying so.
    const living = () => play.people.filter((each) => !isOver(each))
    const seen = () =>
      living().map(({ view }) => {
        const { ordered } = view.recording
        const people = view.people.map(({ leaf, name }) => `${leaf} ${name}`).sort()
        return `${view.security.epoch} ${ordered?.id} ${ordered?.paused} ${ordered?.stopping}: ${people}`
      })
    await world.clock.until(
      () => {
        answerAll(living())
        return living().every(isIn) && new Set(seen()).size === 1
      },
      'one roster and one recording everywhere',
      240_000,
    )
    for (const each of living()) expect(each.alarms).not.toContain('refused-commit')
    // Every envelope opens, and none holds more than what its own epoch's members could be heard with.
    for (const { keys, roster } of await recorder.contents(key))
      expect(keys.every(({ leaf }) => roster.some((member) => member.leaf === leaf))).toBe(true)
  } catch (error) {
    const states = play.people
      .filter((each) => !isOver(each))
      .map(({ name, view, alarms }) => {
        const people = view.people.map((p) => `${p.leaf} ${p.name || '?'} ${p.state}`).join(', ')
        const { ordered } = view.recording
        return `${name}: ${view.phase.at} ${view.security.epoch} ${ordered?.id} ${people}; ${alarms}`
      })
    throw new Error(`seed ${seed}\n${log.join('\n')}\n${states.join('\n')}`, { cause: error })
  } finally {
    await world.close()
  }
}

test('[REC14] [REC19] sixty comings, goings, orders and answers end in one roster and one recording everywhere', async () => {
  const seed = Number(process.env['HUISCLOS_SEED'] ?? Math.floor(Math.random() * 1e9))
  await live(seed, 60)
}, 120_000)
