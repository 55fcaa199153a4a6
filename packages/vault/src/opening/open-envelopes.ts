/**
 * Opens the envelopes of a recording and compares what its sealers said [REC2]. What does not open is reported with its
 * epoch and why; the rest is used.
 */
import { decodeBase64url } from '@huisclos/crypto/bytes'
import { hostHash } from '@huisclos/crypto/link'
import type { EnvelopeContent, EnvelopeRefusal, RecordingKey } from '@huisclos/crypto/seal'
import { isSealedByHost, openEnvelope } from '@huisclos/crypto/seal'
import type { Collected } from './collect-recording.ts'
import { StreamKeys, sameKey } from './stream-keys.ts'

/**
 * - `refused`: does not open, see `why`
 * - `sealers-differ`: two sealers give one stream different keys, or one leaf different people
 * - `one-sealer`: nobody else sealed this epoch, so that nothing could be compared
 * - `no-host`: no host's envelope of this epoch, or one whom no host's key vouches for
 */
export type EnvelopeFinding = {
  kind: 'refused' | 'sealers-differ' | 'one-sealer' | 'no-host'
  epoch: number
  timeUs: number
  why?: EnvelopeRefusal
  /** Leaf that the finding is about; of `sealers-differ` alone. */
  leaf?: number
}

export interface OpenedEnvelopes {
  keys: StreamKeys
  findings: EnvelopeFinding[]
  opened: number
  refused: number
  /** The room's host key as the host sealer's chain begins; null without one. Compare its hash with the link's. */
  hostKey: Uint8Array | null
}

type Placed = { content: EnvelopeContent; timeUs: number; byHost: boolean }

export async function openEnvelopes(
  key: RecordingKey,
  recording: Uint8Array,
  { envelopes }: Pick<Collected, 'envelopes'>,
): Promise<OpenedEnvelopes> {
  const findings: EnvelopeFinding[] = []
  const placed: Placed[] = []
  let hostKey: Uint8Array | null = null
  for (const { timeUs, envelope } of envelopes) {
    const group = decodeBase64url(envelope.group) ?? new Uint8Array()
    const opened = await openEnvelope(key, envelope.sealed, { recording, group, epoch: envelope.epoch })
    if (!opened.ok) {
      findings.push({ kind: 'refused', epoch: envelope.epoch, timeUs, why: opened.code })
      continue
    }
    const root = opened.content.hosts[0]?.signerKey
    const byHost = root?.length === 32 && isSealedByHost(opened.content, hostHash(root))
    if (byHost) hostKey ??= root
    placed.push({ content: opened.content, timeUs, byHost })
  }
  findings.push(...compareSealers(placed))
  const keys = new StreamKeys()
  // Last wins where sealers differ: a host's word.
  for (const { content, timeUs } of placed.toSorted((a, b) => Number(a.byHost) - Number(b.byHost)))
    keys.add(content, timeUs)
  return { keys, findings, opened: placed.length, refused: envelopes.length - placed.length, hostKey }
}

function compareSealers(placed: readonly Placed[]): EnvelopeFinding[] {
  const epochs = new Map<string, Placed[]>()
  for (const one of placed) {
    const name = `${one.content.group.join()} ${one.content.epoch}`
    epochs.set(name, [...(epochs.get(name) ?? []), one])
  }
  return [...epochs.values()].flatMap((own) => {
    const { timeUs, content } = own[0] as Placed
    const about = { epoch: content.epoch, timeUs }
    const found: EnvelopeFinding[] = differences(own).map((leaf) => ({
      kind: 'sealers-differ',
      ...about,
      leaf,
    }))
    if (new Set(own.map(({ content: { sealer } }) => sealer)).size < 2)
      found.push({ kind: 'one-sealer', ...about })
    if (!own.some(({ byHost }) => byHost)) found.push({ kind: 'no-host', ...about })
    return found
  })
}

/** Leaves of which two envelopes of one epoch say different things. */
function differences(own: readonly Placed[]): number[] {
  const leaves = new Set<number>()
  const keys = new Map<string, { key: Uint8Array<ArrayBuffer>; salt: Uint8Array<ArrayBuffer> }>()
  const people = new Map<number, string>()
  for (const { content } of own) {
    for (const { leaf, stream, key, salt } of content.keys) {
      const known = keys.get(`${leaf} ${stream}`)
      if (known && !sameKey(known, { key, salt })) leaves.add(leaf)
      keys.set(`${leaf} ${stream}`, { key, salt })
    }
    for (const { leaf, pseudonym, signatureKey } of content.roster) {
      const said = `${pseudonym} ${signatureKey.join()}`
      if ((people.get(leaf) ?? said) !== said) leaves.add(leaf)
      people.set(leaf, said)
    }
  }
  return [...leaves]
}
