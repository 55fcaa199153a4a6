/**
 * What this browser remembers between visits for one person: the chosen devices, the wishes for noise suppression
 * and a blurred background, a name, and by choice the public half of a recording key. Never a link, a room or a secret.
 * Where storage is refused, it lasts as long as the page.
 */
import type { DeviceKind } from './devices.ts'

export type Remembered = DeviceKind | 'name' | 'noise-suppression' | 'background-blur' | 'recording-key'

/** The part of `Storage` that is used. */
export interface StoragePort {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

export interface DeviceMemory {
  read(what: Remembered): string
  write(what: Remembered, value: string): void
}

const keyOf = (what: Remembered): string => `huisclos.device.${what}`

/** `storage`: called each time, since reading `localStorage` itself may throw. Never throws. */
export function deviceMemory(storage: () => StoragePort = () => localStorage): DeviceMemory {
  const kept = new Map<Remembered, string>()
  return {
    read(what) {
      const known = kept.get(what)
      if (known !== undefined) return known
      try {
        return storage().getItem(keyOf(what)) ?? ''
      } catch {
        return ''
      }
    },
    write(what, value) {
      kept.set(what, value)
      try {
        storage().setItem(keyOf(what), value)
      } catch {
        // Refused: it lives in this page's memory.
      }
    },
  }
}
