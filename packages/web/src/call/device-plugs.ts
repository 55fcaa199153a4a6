/**
 * What was plugged in or out between two lists of devices. Pure. Names that stand for another device ("default") do
 * not count, and a list that was empty tells nothing: before permission, browsers list nothing.
 */
import type { DeviceKind, DeviceOption, DeviceOptions } from '../platform/devices.ts'

/** Chromium lists the default devices a second time under these ids. */
const STAND_INS: ReadonlySet<string> = new Set(['default', 'communications'])
const KINDS = ['microphone', 'speaker', 'camera'] as const

/** A device that is new: one headset is a microphone and a speaker. `ids`: by kind, at least one. */
export interface Plugged {
  readonly label: string
  readonly ids: Readonly<Partial<Record<DeviceKind, string>>>
}

/** True when this very device was there and is there no more. */
export function wasUnplugged(
  kind: DeviceKind,
  id: string,
  before: DeviceOptions,
  after: DeviceOptions,
): boolean {
  return id !== '' && has(before[kind], id) && !has(after[kind], id)
}

/** The newest device, with everything that belongs to it, or null. */
export function pluggedIn(before: DeviceOptions, after: DeviceOptions): Plugged | null {
  const fresh = KINDS.flatMap((kind) =>
    before[kind].length === 0
      ? []
      : after[kind]
          .filter(({ id, label }) => label !== '' && !STAND_INS.has(id) && !has(before[kind], id))
          .map((option) => ({ kind, option })),
  )
  const first = fresh[0]
  if (!first) return null
  const { group } = first.option
  const same = fresh.filter(
    ({ option }) => option === first.option || (group !== '' && option.group === group),
  )
  return {
    label: first.option.label,
    ids: Object.fromEntries(same.map(({ kind, option }) => [kind, option.id])),
  }
}

const has = (options: readonly DeviceOption[], id: string): boolean =>
  options.some((option) => option.id === id)
