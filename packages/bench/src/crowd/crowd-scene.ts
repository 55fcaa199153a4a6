/**
 * One growing meeting on a server in its own process: a host-less first member who sends pictures and lets people in,
 * newcomers who are measured one by one, and sleepers. Each engine has a thread of its own. Whoever was measured stays,
 * and stands back behind what is measured next; those of one size of meeting leave before the next.
 */
import { performance } from 'node:perf_hooks'
import type { EncodedTrack, RunningSource } from '@huisclos/node-media'
import { systemClock as clock } from '@huisclos/node-media'
import { startSyntheticVideo } from '@huisclos/node-media/synthetic-source'
import type { Meeting } from '@huisclos/participant'
import { enterAsBot, newBot, until } from '../meeting/bot-in-meeting.ts'
import { EngineThread } from '../meeting/engine-threads.ts'
import type { ServerApart } from '../place/server-apart.ts'
import { startServerApart } from '../place/server-apart.ts'
import { residentBytes, threadTimes } from '../run/process-costs.ts'
import type { Join, Memory } from './crowd-figures.ts'
import type { Sleeper } from './sleeper.ts'
import { layDown } from './sleeper.ts'

const JOIN_WITHIN_MS = 30_000
const PICTURE_WITHIN_MS = 5_000
const SHOWN_WITHIN_MS = 20_000
const GONE_WITHIN_MS = 10_000
const SLEEPERS_AT_ONCE = 16

export class CrowdScene {
  readonly #place: ServerApart
  readonly #threads: EngineThread[] = []
  readonly #meetings: Meeting<EncodedTrack>[] = []
  /** Of those in `#meetings` after the first. */
  readonly #newcomers: { meeting: Meeting<EncodedTrack>; thread: EngineThread }[] = []
  readonly #sleepers: Sleeper[] = []
  #bedroom: EngineThread | null = null
  #camera: RunningSource | null = null

  private constructor(place: ServerApart) {
    this.#place = place
  }

  static async open(): Promise<CrowdScene> {
    const scene = new CrowdScene(await startServerApart())
    try {
      const thread = await scene.#newThread()
      const first = await enterAsBot(scene.#place, 'First', { createGroup: () => thread.create() })
      scene.#meetings.push(first)
      scene.#camera = startSyntheticVideo({ clock, fps: 20, frameBytes: 800 })
      await first.publish('camera', scene.#camera.track)
      return scene
    } catch (error) {
      await scene.close()
      throw error
    }
  }

  /** How many sit in the meeting. */
  get people(): number {
    return this.#meetings.length + this.#sleepers.length
  }

  /** One more person joins, and stays; what it took. */
  async join(): Promise<Join> {
    const thread = await this.#newThread()
    const bot = newBot(this.#place, `Person ${this.people + 1}`, { createGroup: () => thread.create() })
    const waited = this.#watchWaiting(thread)
    const loop = performance.eventLoopUtilization()
    const from = performance.now()
    const pictureAt = firstPicture(bot)
    await bot.start()
    await until('somebody is in', JOIN_WITHIN_MS, () => bot.view.phase.at === 'in')
    const inMs = performance.now() - from
    const waitedShare = waited() / (inMs / 1_000)
    const loopBusy = performance.eventLoopUtilization(loop).utilization
    this.#meetings.push(bot)
    this.#newcomers.push({ meeting: bot, thread })
    const allAwake = this.#sleepers.length === 0
    const pictureMs = allAwake ? await pictureAt(from) : null
    thread.standBack()
    return { people: this.people, awake: this.#meetings.length, inMs, pictureMs, waitedShare, loopBusy }
  }

  /** Whoever was measured leaves again; resolves when the first member has changed the keys without them. */
  async newcomersLeave(): Promise<void> {
    const newcomers = this.#newcomers.splice(0)
    this.#meetings.splice(1)
    await Promise.all(newcomers.map(({ meeting }) => meeting.leave()))
    const [first] = this.#meetings
    await until('the newcomers are gone', GONE_WITHIN_MS, () => first?.view.people.length === this.people)
    for (const { thread } of newcomers) this.#threads.splice(this.#threads.indexOf(thread), 1)
    await Promise.all(newcomers.map(({ thread }) => thread.close()))
  }

  /** Sleepers take seats until there are as many people. */
  async fillTo(people: number): Promise<void> {
    this.#bedroom ??= await this.#newThread()
    const bedroom = this.#bedroom
    while (this.people < people) {
      const more = Math.min(SLEEPERS_AT_ONCE, people - this.people)
      const some = Array.from({ length: more }, () => layDown(this.#place, bedroom.create()))
      this.#sleepers.push(...(await Promise.all(some)))
    }
  }

  async memory(): Promise<Memory> {
    const { pid, workers } = this.#place
    const first = this.#meetings[0]
    await until('everybody is shown', SHOWN_WITHIN_MS, () => first?.view.people.length === this.people)
    await this.#place.collectGarbage()
    return { people: this.people, serverBytes: residentBytes([pid]), workerBytes: residentBytes(workers) }
  }

  async close(): Promise<void> {
    this.#camera?.stop()
    for (const sleeper of this.#sleepers) sleeper.close()
    // Nobody waits for the engines of those who only had to keep up.
    await this.#place.close()
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }

  async #newThread(): Promise<EngineThread> {
    const thread = await EngineThread.start()
    this.#threads.push(thread)
    return thread
  }

  /**
   * For how long, in seconds, one of the threads whose work a join is made of was ready to run and had no core: this one,
   * the newcomer's, the first member's, who lets it in, the server's or the media worker's. The longest of them.
   */
  #watchWaiting(newcomer: EngineThread): () => number {
    const mains = [process.pid, this.#place.pid, ...this.#place.workers].map((pid) => `${pid}/task/${pid}`)
    const engines = [newcomer, ...this.#threads.slice(0, 1)].map(({ id }) => id)
    const read = () => [...mains, ...engines].map((thread) => threadTimes(thread).waited)
    const before = read()
    return () => Math.max(...read().map((waited, i) => waited - (before[i] ?? 0)))
  }
}

/** Watches for the first opened frame of the first member's camera; the result waits for it a while. */
function firstPicture(bot: Meeting<EncodedTrack>): (from: number) => Promise<number | null> {
  let at: number | null = null
  let watched: EncodedTrack | null = null
  const look = (): void => {
    const streams = bot.view.people.find(({ name }) => name === 'First')?.streams ?? []
    const track = streams.find(({ source }) => source === 'camera')?.track ?? null
    if (!track || track === watched) return
    watched = track
    track.subscribe(() => {
      at ??= performance.now()
    })
  }
  bot.subscribe(look)
  return async (from) => {
    await until('the first picture', PICTURE_WITHIN_MS, () => at !== null).catch(() => undefined)
    return at === null ? null : at - from
  }
}
