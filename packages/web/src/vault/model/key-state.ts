/** Whether what was given as a key can open anything yet, from what files and shares say of themselves. */
import type { KeyPart } from '../opening-port.ts'
import type { KeySummary } from '../worker/opener-messages.ts'

/** `missing`: so many more shares. `mixed`: of different keys, or a file beside shares. */
export type KeyState =
  | { readonly at: 'none' | 'reading' | 'mixed' | 'ready' }
  | { readonly at: 'passphrase'; readonly owner: string }
  | { readonly at: 'missing'; readonly shares: number; readonly needed: number }

const isSummary = (read: KeyPart['read']): read is KeySummary => read !== null && 'kind' in read

export function keyStateOf(parts: readonly KeyPart[]): KeyState {
  if (parts.some(({ read }) => read === null)) return { at: 'reading' }
  const reads = parts.map(({ read }) => read).filter(isSummary)
  const [first] = reads
  if (!first) return { at: 'none' }
  const isOfOne = ({ kind, fingerprint }: KeySummary): boolean =>
    kind === first.kind && fingerprint === first.fingerprint
  if (!reads.every(isOfOne) || (first.kind === 'file' && reads.length > 1)) return { at: 'mixed' }
  if (first.kind === 'file') return { at: 'passphrase', owner: first.owner }
  if (first.kind === 'key') return { at: 'ready' }
  const distinct = new Set(reads.map((read) => (read.kind === 'share' ? read.number : 0))).size
  const shares = first.needed - distinct
  return shares > 0 ? { at: 'missing', shares, needed: first.needed } : { at: 'ready' }
}
