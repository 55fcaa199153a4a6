/**
 * Recording on this computer (LREC1–LREC5): everybody is told first, then frames go from the frame worker to the
 * recording worker, of those alone who have said yes. Model without React; knows no file.
 */
import type { MeetingControls, Source } from '@huisclos/participant'
import type { FromRecorder, ToRecorder } from '../platform/recording/recording-messages.ts'
import type { LocalRecorderPort, LocalRecorderView } from '../ui/recording-ports.ts'
import { Snapshot } from './snapshot.ts'

/** The recording worker. */
export interface RecorderLink {
  send(message: ToRecorder, transfer?: Transferable[]): void
  onMessage(heard: (message: FromRecorder) => void): void
  terminate(): void
}

/** Where clear frames come from. */
export interface FrameSource {
  record(recorder: ((port: MessagePort) => void) | null): void
  recordOnly(leaves: readonly number[], own: boolean): void
  askKeyFrameOf(member: string, source: Source): void
}

export interface LocalRecorderDeps {
  meeting: Pick<
    MeetingControls<MediaStreamTrack>,
    'view' | 'startLocalRecording' | 'stopLocalRecording' | 'subscribe'
  >
  frames(): FrameSource | null
  startWorker(): RecorderLink
  now(): number
  /** A recording has ended and lies in this browser. */
  kept(id: string): void
}

export class LocalRecorder extends Snapshot<LocalRecorderView> implements LocalRecorderPort {
  readonly #deps: LocalRecorderDeps
  #worker: RecorderLink | null = null
  #id = ''
  #ended: (() => void) | null = null

  constructor(deps: LocalRecorderDeps) {
    super({ at: 'off', problem: null })
    this.#deps = deps
    deps.meeting.subscribe(() => this.#follow())
  }

  start = (): void => {
    if (this.view.at !== 'off') return
    this.set({ at: 'starting' })
    void this.#begin().catch(() => this.#fail('not-told'))
  }

  pause = (paused: boolean): void => {
    if (this.view.at !== 'on' || this.view.paused === paused) return
    this.#worker?.send({ t: 'pause', paused })
    this.set({ ...this.view, paused })
  }

  stop = (): void => {
    if (this.view.at === 'off') return
    void this.#end(null)
  }

  /** The call is over: what was recorded is kept. */
  close(): void {
    this.stop()
  }

  async #begin(): Promise<void> {
    const { meeting, frames, startWorker, now } = this.#deps
    const id = await meeting.startLocalRecording()
    const source = frames()
    if (!source || this.view.at !== 'starting') throw new Error('no longer in the meeting')
    this.#id = id
    const worker = startWorker()
    this.#worker = worker
    worker.onMessage((message) => this.#hear(message))
    worker.send({ t: 'begin', id, facts: { title: meeting.view.title ?? '', beganAt: now() } })
    source.record((port) => worker.send({ t: 'listen', port }, [port]))
    this.#follow()
  }

  /** LREC2: who is recorded follows who has said yes, and names follow their people. */
  #follow(): void {
    if (!this.#worker) return
    const { meeting, frames } = this.#deps
    const { recording, people, phase, selfLeaf } = meeting.view
    if (phase.at === 'ended') {
      this.stop()
      return
    }
    const own = recording.local.find((one) => one.self && one.id === this.#id)
    const others = (own?.consenting ?? []).filter((leaf) => leaf !== selfLeaf)
    frames()?.recordOnly(others, own !== undefined)
    const names = new Map(people.map(({ leaf, self, name }) => [self ? null : leaf, name]))
    this.#worker.send({ t: 'names', names })
  }

  #hear(message: FromRecorder): void {
    if (message.t === 'began') this.set({ at: 'on', paused: false, elapsedMs: 0, sizeBytes: 0 })
    else if (message.t === 'needs-key-frame')
      this.#deps.frames()?.askKeyFrameOf(message.member, message.source)
    else if (message.t === 'failed') this.#fail(message.why)
    else if (message.t === 'ended') this.#ended?.()
    else if (this.view.at === 'on')
      this.set({ ...this.view, elapsedMs: message.elapsedMs, sizeBytes: message.sizeBytes })
  }

  #fail(problem: Extract<LocalRecorderView, { at: 'off' }>['problem']): void {
    this.#ended?.()
    void this.#end(problem)
  }

  async #end(problem: Extract<LocalRecorderView, { at: 'off' }>['problem']): Promise<void> {
    const { meeting, frames, kept } = this.#deps
    const worker = this.#worker
    const id = this.#id
    this.#worker = null
    frames()?.record(null)
    this.set({ at: 'off', problem })
    if (worker) {
      const ended = new Promise<void>((resolve) => {
        this.#ended = resolve
      })
      worker.send({ t: 'end' })
      if (problem === null) await ended
      worker.terminate()
      kept(id)
    }
    // After the last frame: nobody is told too early that nothing is recorded any more.
    await meeting.stopLocalRecording().catch(() => undefined)
  }
}
