/**
 * Starting, pausing and stopping a recording on the server, who is stored in it, and what the room is told (REC3, REC4,
 * REC9, REC10, REC12). Whoever is stored is worked out anew after every input, from seats and consents as they are then:
 * nobody can be forgotten in it. Must never store somebody who has not said yes.
 */
import type { PeerId, RecordingId, RecordingReason, RequestOf } from '@huisclos/protocol'
import { hashesTo } from '../policy/secret-match.ts'
import { take } from '../policy/token-bucket.ts'
import type { RoomRecording, Stall } from './recording-state.ts'
import { isRunning } from './recording-state.ts'
import type { RoomAnswer } from './room-action.ts'
import { CONSENTS_PER_PEER, RECORDING_REQUESTS_PER_PEER } from './room-limits.ts'
import type { Peer } from './room-state.ts'
import type { SeatedPeer, Turn } from './turn.ts'
import { audience, isSeated, ok, refused, seatedPeers, tell } from './turn.ts'

type Owned = { owner: string; recording: RecordingId }

/** What only a member may ask who shows the owner token. */
export function forOwner<R extends Owned>(handle: (turn: Turn, peer: SeatedPeer, request: R) => RoomAnswer) {
  return (turn: Turn, peer: Peer, request: R): RoomAnswer => {
    if (!isSeated(peer)) return refused('not-seated')
    if (!take(peer.recordingRequests, RECORDING_REQUESTS_PER_PEER, turn.now)) return refused('too-many')
    if (!hashesTo(Buffer.from(request.owner, 'base64url'), turn.state.recordings.ownerHash))
      return refused('owner-refused')
    peer.showedOwner = true
    return handle(turn, peer, request)
  }
}

export function start(turn: Turn, _: SeatedPeer, { recording }: RequestOf<'recording.start'>): RoomAnswer {
  const desk = turn.state.recordings
  if (desk.now !== null) return desk.now.id === recording ? ok() : refused('recording-exists')
  if (desk.unsigned.has(recording)) return refused('recording-exists')
  desk.now = {
    id: recording,
    paused: false,
    stall: null,
    since: turn.now,
    why: 'asked',
    stored: new Set(),
    seals: [],
    unsealedSince: null,
    alarmed: false,
  }
  turn.actions.push({ do: 'start-recording', recording })
  tellState(turn, desk.now)
  return ok()
}

export function pause(turn: Turn, _: SeatedPeer, request: RequestOf<'recording.pause'>): RoomAnswer {
  const { now } = turn.state.recordings
  if (now?.id !== request.recording) return refused('recording-unknown')
  if (now.paused === request.paused) return ok()
  now.paused = request.paused
  change(turn, now, 'asked')
  return ok()
}

export function stop(turn: Turn, _: SeatedPeer, request: RequestOf<'recording.stop'>): RoomAnswer {
  const { now } = turn.state.recordings
  if (now?.id !== request.recording) return refused('recording-unknown')
  end(turn, 'asked')
  return ok()
}

/** A host's signature over what `recording.sealed` told. */
export function sign(turn: Turn, _: SeatedPeer, request: RequestOf<'recording.manifest'>): RoomAnswer {
  const { recording, signature } = request
  if (!turn.state.recordings.unsigned.delete(recording)) return refused('recording-unknown')
  turn.actions.push({ do: 'sign-recording', recording, signature })
  return ok()
}

/** One's own word, taken back as easily as given. */
export function consent(turn: Turn, peer: Peer, request: RequestOf<'recording.consent'>): RoomAnswer {
  if (!isSeated(peer)) return refused('not-seated')
  // Taking it back is never refused.
  if (request.yes && !take(peer.recordingRequests, RECORDING_REQUESTS_PER_PEER, turn.now))
    return refused('too-many')
  peer.consents.delete(request.recording)
  if (request.yes) peer.consents.add(request.recording)
  for (const oldest of peer.consents) {
    if (peer.consents.size <= CONSENTS_PER_PEER) break
    peer.consents.delete(oldest)
  }
  return ok()
}

/** What the recorder says of the recording with that id; an old one has nothing to say. */
export type RecorderNews =
  | { of: 'stalled'; why: Stall }
  | { of: 'writable' }
  | { of: 'failed' }
  /** Closed: this is what a host may sign. */
  | { of: 'sealed'; statement: string }
  /** Nobody signed in time. */
  | { of: 'unsigned' }

export function heed(turn: Turn, recording: RecordingId, news: RecorderNews): void {
  const { now, unsigned } = turn.state.recordings
  if (news.of === 'sealed') {
    unsigned.add(recording)
    const to = seatedPeers(turn.state).filter((peer) => peer.showedOwner)
    const { statement } = news
    tell(turn, ids(to), { t: 'recording.sealed', recording, statement })
  } else if (news.of === 'unsigned') unsigned.delete(recording)
  else if (now?.id !== recording) return
  else if (news.of === 'failed') end(turn, 'fault')
  else {
    const stall = news.of === 'stalled' ? news.why : null
    if (now.stall === stall) return
    now.stall = stall
    change(turn, now, stall ?? 'writable')
  }
}

/** The recording ends; those who are stored no longer are. */
export function end(turn: Turn, why: Extract<RecordingReason, 'asked' | 'meeting-over' | 'fault'>): void {
  const { now } = turn.state.recordings
  if (now === null) return
  turn.state.recordings.now = null
  turn.actions.push({ do: 'end-recording', recording: now.id, why })
  turn.actions.push({
    do: 'tell-recording',
    to: audience(turn.state),
    recording: why === 'fault' ? now.id : null,
    state: why === 'fault' ? 'failed' : 'off',
    why,
    since: turn.now,
  })
}

/** After every input: who is stored now. */
export function reviewStored(turn: Turn): void {
  const { now } = turn.state.recordings
  if (now === null) return
  const consenting = seatedPeers(turn.state).filter((peer) => peer.consents.has(now.id))
  const stored = new Set(isRunning(now) ? ids(consenting) : [])
  const isSame = stored.size === now.stored.size && [...stored].every((id) => now.stored.has(id))
  if (isSame) return
  now.stored = stored
  turn.actions.push({ do: 'store-streams', recording: now.id, of: [...stored] })
}

/** To everybody, those at the door included, or to whoever has just come. */
export function tellState(turn: Turn, recording: RoomRecording, to = audience(turn.state)): void {
  const state = isRunning(recording) ? 'running' : 'paused'
  const { id, why, since } = recording
  turn.actions.push({ do: 'tell-recording', to, recording: id, state, why, since })
}

function change(turn: Turn, recording: RoomRecording, why: RecordingReason): void {
  recording.since = turn.now
  recording.why = why
  const state = isRunning(recording) ? 'running' : 'paused'
  turn.actions.push({ do: 'note-recording', recording: recording.id, state, why })
  tellState(turn, recording)
}

const ids = (peers: readonly Peer[]): PeerId[] => peers.map((peer) => peer.id)
