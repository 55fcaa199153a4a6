/**
 * The recordings of one room: carries out what the state machine wants of the recorder, and brings back what the
 * recorder reports. Decides nothing; without a recorder there is nothing to carry out (REC8).
 */
import type { RecordingId } from '@huisclos/protocol'
import type { OpenTap, Recorder, Recording } from '../recording/recorder.ts'
import type { RecorderNews } from '../room/recording.ts'
import type { RecordingAction, RecordingActionKind } from '../room/room-action.ts'

export interface RoomRecordingsOptions {
  recorder: Recorder | null
  ownerHash: Uint8Array
  openTap: OpenTap
  onNews: (recording: RecordingId, news: RecorderNews) => void
}

type Carry<D extends RecordingActionKind> = (
  recording: Recording | undefined,
  action: Extract<RecordingAction, { do: D }>,
) => void

export class RoomRecordings {
  readonly #options: RoomRecordingsOptions
  /** The one that is on, and ended ones that wait for a signature. */
  readonly #open = new Map<RecordingId, Recording>()

  constructor(options: RoomRecordingsOptions) {
    this.#options = options
  }

  /** Whether one can begin now. */
  accepts(): boolean {
    return this.#options.recorder?.accepts() ?? false
  }

  perform<D extends RecordingActionKind>(action: Extract<RecordingAction, { do: D }>): void {
    const carry: Carry<D> = this.#carriers[action.do as D]
    carry(this.#open.get(action.recording), action)
  }

  /** The room is no more: whatever is on ends, and nobody will sign it. */
  close(): void {
    for (const recording of this.#open.values()) recording.end('meeting-over')
    this.#open.clear()
  }

  readonly #carriers: { [D in RecordingActionKind]: Carry<D> } = {
    'start-recording': (_, { recording }) => this.#begin(recording),
    'store-streams': (recording, { of }) => recording?.store(of),
    'keep-envelope': (recording, { group, epoch, peer, part, body }) =>
      recording?.keep({ group, epoch, peer, part, body: Buffer.from(body, 'base64url') }),
    'note-recording': (recording, { state, why }) => recording?.note(state, why),
    'end-recording': (recording, { why }) => recording?.end(why),
    'sign-recording': (recording, { recording: id, signature }) => {
      recording?.sign(Buffer.from(signature, 'base64url'))
      this.#open.delete(id)
    },
  }

  #begin(recording: RecordingId): void {
    const { recorder, ownerHash, openTap, onNews } = this.#options
    if (recorder === null) return
    const heed = (news: RecorderNews) => {
      if (news.of === 'unsigned' || news.of === 'failed') this.#open.delete(recording)
      // Not now: the actions of this turn come first.
      queueMicrotask(() => onNews(recording, news))
    }
    this.#open.set(recording, recorder.begin({ recording, ownerHash, openTap, onNews: heed }))
  }
}
