/**
 * Envelopes of a recording (REC2, REC11): taken from members, counted by epoch, never opened (no key is here). Where an
 * epoch in which something is stored has none for 5 s, the room is told: that span could not be opened.
 */
import type { RequestOf } from '@huisclos/protocol'
import { take } from '../policy/token-bucket.ts'
import { tellState } from './recording.ts'
import type { EpochSeals, RoomRecording } from './recording-state.ts'
import { isRunning } from './recording-state.ts'
import type { RoomAnswer } from './room-action.ts'
import { ENVELOPES_PER_PEER, ROOM_TIMES, SEALERS_PER_EPOCH } from './room-limits.ts'
import type { Group, Ms } from './room-state.ts'
import type { SeatedIn, SeatedPeer, Turn } from './turn.ts'
import { ok, refused } from './turn.ts'

export function envelope(
  turn: Turn,
  { group, peer }: SeatedIn,
  request: RequestOf<'recording.envelope'>,
): RoomAnswer {
  const { now } = turn.state.recordings
  if (now?.id !== request.recording) return refused('recording-unknown')
  if (!peer.showedOwner && !peer.consents.has(now.id)) return refused('not-seated')
  if (!take(peer.envelopes, ENVELOPES_PER_PEER, turn.now)) return refused('too-many')
  follow(now, group)
  const seals = now.seals.find(({ epoch }) => epoch === request.epoch)
  if (seals === undefined) return refused('epoch-stale')
  const fault = record(seals, peer, request.part)
  if (fault !== null) return refused(fault)
  const { epoch, part, body } = request
  turn.actions.push({
    do: 'keep-envelope',
    recording: now.id,
    group: group.id,
    epoch,
    peer: peer.id,
    part,
    body,
  })
  return ok()
}

function record(seals: EpochSeals, peer: SeatedPeer, part: number): 'too-many' | 'bad-message' | null {
  const parts = seals.parts.get(peer.id) ?? new Set()
  if (parts.size === 0 && !peer.showedOwner && seals.parts.size >= SEALERS_PER_EPOCH) return 'too-many'
  if (parts.has(part)) return 'bad-message'
  seals.parts.set(peer.id, parts.add(part))
  return null
}

/** Keeps the present epoch and the one before it. */
function follow(recording: RoomRecording, { epoch, log }: Group): void {
  const made = log.at(-1)?.hash ?? ''
  const last = recording.seals.at(-1)
  if (last?.epoch === epoch && last.made === made) return
  // After a strike, what was sealed for an epoch that never was counts for none.
  const before = recording.seals.filter((seals) => seals.epoch === epoch - 1)
  recording.seals = [...before.slice(-1), { epoch, made, parts: new Map() }]
}

/** After every input, when it is known who is stored: whether the present epoch can be opened so far. */
export function reviewEnvelopes(turn: Turn): void {
  const { recordings, group } = turn.state
  const { now } = recordings
  if (now === null || group === null) return
  follow(now, group)
  const isSealed = (now.seals.at(-1)?.parts.size ?? 0) > 0
  if (now.stored.size === 0 || isSealed) settle(turn, now)
  else now.unsealedSince ??= turn.now
  const dueAt = envelopeDueAt(now)
  if (dueAt !== null && turn.now >= dueAt) alarm(turn, now)
}

/** When the room will be told that envelopes are missing; null when it need not be. */
export const envelopeDueAt = (recording: RoomRecording): Ms | null =>
  recording.alarmed || recording.unsealedSince === null
    ? null
    : recording.unsealedSince + ROOM_TIMES.envelopeMs

function alarm(turn: Turn, recording: RoomRecording): void {
  recording.alarmed = true
  recording.why = 'no-envelope'
  recording.since = recording.unsealedSince ?? turn.now
  turn.actions.push({ do: 'note-recording', recording: recording.id, state: 'running', why: 'no-envelope' })
  tellState(turn, recording)
}

function settle(turn: Turn, recording: RoomRecording): void {
  recording.unsealedSince = null
  if (!recording.alarmed) return
  recording.alarmed = false
  if (!isRunning(recording)) return
  recording.why = 'sealed'
  recording.since = turn.now
  turn.actions.push({ do: 'note-recording', recording: recording.id, state: 'running', why: 'sealed' })
  tellState(turn, recording)
}
