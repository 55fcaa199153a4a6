import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stepBack } from './keep-step.ts'
import type { PlayedElement } from './player.ts'
import { Player } from './player.ts'

const TICK_MS = 100

/** A media element whose clock runs a little wrong, and which takes its time to start and to seek. */
class SlowElement implements PlayedElement {
  playbackRate = 1
  muted = false
  seeking = false
  ended = false
  error: unknown = null
  playing = false
  jumps = 0
  #at = 0
  #busyMs = 0
  readonly wrong: number
  readonly startMs: number

  constructor(wrong = 0, startMs = 0) {
    this.wrong = wrong
    this.startMs = startMs
  }

  get readyState(): number {
    return this.seeking ? 1 : 4
  }
  get currentTime(): number {
    return this.#at
  }
  set currentTime(at: number) {
    this.#at = at
    this.jumps += 1
    this.seeking = true
    this.#busyMs = 30
  }
  async play(): Promise<void> {
    if (!this.playing) this.#busyMs = Math.max(this.#busyMs, this.startMs)
    this.playing = true
  }
  pause(): void {
    this.playing = false
  }
  pass(ms: number): void {
    const idle = Math.min(ms, this.#busyMs)
    this.#busyMs -= idle
    if (this.#busyMs === 0) this.seeking = false
    if (this.playing) this.#at += ((ms - idle) / 1000) * this.playbackRate * (1 + this.wrong)
  }
}

function world(durationMs: number, elements: SlowElement[]) {
  let now = 0
  let tick: (() => void) | null = null
  const player = new Player(durationMs, {
    now: () => now,
    tick: (run) => {
      tick = run
      return () => {
        tick = null
      }
    },
  })
  for (const [i, element] of elements.entries()) player.attach(`${i}`, element)
  const pass = (ms: number): void => {
    for (let gone = 0; gone < ms; gone += TICK_MS) {
      now += TICK_MS
      for (const element of elements) element.pass(TICK_MS)
      tick?.()
    }
  }
  const apartMs = (): number => {
    const times = elements.map(({ currentTime }) => currentTime * 1000)
    return Math.max(...times) - Math.min(...times)
  }
  return { player, pass, apartMs, ticking: () => tick !== null }
}

describe('keeping step', () => {
  test('[OPEN5] nothing is done below what can be noticed, a little is made up for, much is jumped', () => {
    expect(stepBack(8, 1, false)).toEqual({ jump: false, rate: 1 })
    expect(stepBack(-300, 1, false)).toEqual({ jump: true })
    expect(stepBack(40, 1, false)).toEqual({ jump: false, rate: 0.96 })
    expect(stepBack(-40, 2, false)).toEqual({ jump: false, rate: 2.08 })
  })

  test('[OPEN5] any offset is gone within six seconds, and stays', () => {
    fc.assert(
      fc.property(fc.integer({ min: -250, max: 250 }), (startMs) => {
        let aheadMs = startMs
        let rate = 1
        for (let i = 0; i < 60; i++) {
          const step = stepBack(aheadMs, 1, rate !== 1)
          if (step.jump) throw new Error('jumped')
          rate = step.rate
          aheadMs += (rate - 1) * TICK_MS
        }
        expect(Math.abs(aheadMs)).toBeLessThan(12)
      }),
    )
  })
})

describe('the player', () => {
  test('[OPEN5] starts when all are ready, and players that start late or run wrong are in step within seconds', () => {
    const elements = [new SlowElement(), new SlowElement(0.002, 120), new SlowElement(-0.002, 60)]
    const { player, pass, apartMs } = world(60_000, elements)
    player.seek(5_000)
    player.toggle()
    expect(player.view.state).toBe('waiting')
    expect(elements.some(({ playing }) => playing)).toBe(false)
    pass(300)
    expect(player.view.state).toBe('playing')
    pass(5_000)
    for (let second = 0; second < 20; second++) {
      pass(1_000)
      expect(apartMs()).toBeLessThan(40)
    }
    expect(Math.abs((elements[0]?.currentTime ?? 0) * 1000 - player.view.positionMs)).toBeLessThan(20)
  })

  test('[OPEN5] control: left to themselves the same players part', () => {
    const elements = [new SlowElement(0.002, 120), new SlowElement(-0.002, 60)]
    for (const element of elements) void element.play()
    for (const element of elements) element.pass(26_000)
    const [one, two] = elements as [SlowElement, SlowElement]
    expect(Math.abs(one.currentTime - two.currentTime) * 1000).toBeGreaterThan(40)
  })

  test('[OPEN5] moving while it plays goes on from there, together', () => {
    const elements = [new SlowElement(), new SlowElement(0, 50)]
    const { player, pass, apartMs } = world(60_000, elements)
    player.toggle()
    pass(1_000)
    player.seek(30_000)
    pass(5_000)
    expect(player.view.state).toBe('playing')
    expect(player.view.positionMs).toBeGreaterThan(34_000)
    expect(apartMs()).toBeLessThan(40)
  })

  test('[OPEN5] every speed is kept, and a change of it moves nothing', () => {
    const elements = [new SlowElement(0.001), new SlowElement()]
    const { player, pass, apartMs } = world(60_000, elements)
    player.toggle()
    pass(1_000)
    const before = player.view.positionMs
    player.setSpeed(2)
    pass(10_000)
    expect(player.view.positionMs - before).toBeGreaterThan(19_000)
    expect(apartMs()).toBeLessThan(40)
  })

  test('stops at the end, begins anew from there, and needs no timer while it stands', () => {
    const { player, pass, ticking } = world(2_000, [new SlowElement()])
    player.toggle()
    pass(3_000)
    expect(player.view).toMatchObject({ state: 'paused', positionMs: 2_000 })
    expect(ticking()).toBe(false)
    player.toggle()
    pass(500)
    expect(player.view.positionMs).toBeLessThan(600)
    player.seek(99_999)
    expect(player.view.positionMs).toBe(2_000)
    player.seek(-5)
    expect(player.view.positionMs).toBe(0)
  })

  test('one that cannot play holds up nobody, and is named; one that is muted stays so when it comes back', () => {
    const broken = new SlowElement()
    broken.error = { code: 4 }
    broken.currentTime = 0
    const { player, pass } = world(10_000, [new SlowElement(), broken])
    player.setMuted('0', true)
    player.toggle()
    pass(500)
    expect(player.view.state).toBe('playing')
    expect([...player.view.unplayable]).toEqual(['1'])
    const again = new SlowElement()
    player.attach('0', again)
    expect(again.muted).toBe(true)
  })

  test('one that never gets ready is waited for five seconds', () => {
    const stuck = new SlowElement()
    Object.defineProperty(stuck, 'readyState', { get: () => 1 })
    const { player, pass } = world(60_000, [new SlowElement(), stuck])
    player.toggle()
    pass(4_000)
    expect(player.view.state).toBe('waiting')
    pass(2_000)
    expect(player.view.state).toBe('playing')
  })
})
