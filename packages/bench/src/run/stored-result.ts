/**
 * A bench's stored result: one JSON file a bench in bench/results, which a run replaces (git keeps the former ones) after
 * it has compared itself with it. Holds nothing of the machine but what isSameMachine needs.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure, Measured } from './bench.ts'
import type { Verdict } from './figure-text.ts'
import { judge } from './figure-text.ts'
import type { Machine } from './machine.ts'
import { isSameMachine } from './machine.ts'
import { atPace, needsPace } from './pace.ts'

const FORMAT = 1

export interface StoredFigure extends Figure {
  verdict: Verdict
  /**
   * The run before on the same machine, and how many times as slow that machine was at this run; absent where there was
   * none, or where its pace is not known.
   */
  before?: { value: number; date: string; slower?: number }
}

export interface StoredResult extends Pick<Measured, 'checks' | 'plots' | 'omitted'> {
  format: typeof FORMAT
  name: string
  title: string
  /** `2026-11-24`, UTC. */
  date: string
  /** What to type for the same. */
  command: string
  machine: Machine
  /** What a fixed piece of work took in this run, ms (pace.ts); absent in old ones. */
  pace?: number
  figures: StoredFigure[]
}

export interface Run {
  name: string
  title: string
  date: string
  command: string
  machine: Machine
  pace: number
  measured: Measured
}

/** Four significant digits are more than any of these measurements can tell. */
const short = (value: number): number => Number(value.toPrecision(4))

/** What is to be stored of a run. @param former what is stored now, from whatever machine */
export function toStored(run: Run, former: StoredResult | null): StoredResult {
  const { measured, ...head } = run
  const comparable = former !== null && isSameMachine(former.machine, run.machine) ? former : null
  const figures = measured.figures.map((figure) => compare(figure, run.pace, comparable))
  const plots = measured.plots.map((plot) => ({
    ...plot,
    points: plot.points.map((point) => ({ ...point, value: short(point.value) })),
  }))
  const omitted = measured.omitted?.length ? { omitted: measured.omitted } : {}
  const pace = short(run.pace)
  return { format: FORMAT, ...head, pace, figures, ...omitted, checks: measured.checks, plots }
}

function compare(figure: Figure, pace: number, former: StoredResult | null): StoredFigure {
  const { id, unit } = figure
  const value = short(figure.value)
  const before = former?.figures.find((one) => one.id === id && one.unit === unit)?.value
  if (former === null || before === undefined)
    return { ...figure, value, verdict: judge({ ...figure, value }) }
  const slower = former.pace === undefined ? undefined : pace / former.pace
  // Without the pace of then nothing can be said of what takes time.
  const isFair = slower !== undefined || !needsPace(unit)
  const expected = isFair ? atPace(before, unit, slower ?? 1) : undefined
  return {
    ...figure,
    value,
    verdict: judge({ ...figure, value }, expected),
    before: { value: before, date: former.date, ...(slower === undefined ? {} : { slower: short(slower) }) },
  }
}

const fileOf = (folder: string, name: string): string => join(folder, `${name}.json`)

function read(file: string): StoredResult | null {
  const stored = JSON.parse(readFileSync(file, 'utf8')) as StoredResult
  return stored.format === FORMAT ? stored : null
}

/** Null where nothing is stored, or only a format of the past. */
export function readStored(folder: string, name: string): StoredResult | null {
  return readAllStored(folder).find((stored) => stored.name === name) ?? null
}

/** Everything in the folder, by name. */
export function readAllStored(folder: string): StoredResult[] {
  mkdirSync(folder, { recursive: true })
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files
    .sort()
    .map((file) => read(join(folder, file)))
    .filter((stored) => stored !== null)
}

/** One line a point, so that a change of a run reads well in a diff. */
export function writeStored(folder: string, stored: StoredResult): void {
  mkdirSync(folder, { recursive: true })
  const text = JSON.stringify(stored, null, 2).replace(
    /\{\s+"group": ("[^\n]*"),\s+"series": ("[^\n]*"),\s+("x": [^\n]*,)?\s*"value": ([^\n]+)\s+\}/g,
    (_all, group, series, x, value) =>
      `{ "group": ${group}, "series": ${series}, ${x === undefined ? '' : `${x} `}"value": ${value} }`,
  )
  writeFileSync(fileOf(folder, stored.name), `${text}\n`)
}
