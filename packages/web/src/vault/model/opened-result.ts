/** An opened recording while it is looked at: its timeline, its player, how loud everybody is, and what is saved of it. */
import { Snapshot } from '../../call/snapshot.ts'
import type { ResultPort, ResultView } from '../opening-port.ts'
import type { FromOpener, OpenedRecording, ToOpener } from '../worker/opener-messages.ts'
import type { PlayerTimers } from './player.ts'
import { Player } from './player.ts'
import { timelineOf } from './timeline.ts'

export interface ResultOutside {
  send(message: ToOpener): void
  /** Lets the browser save a file. */
  save(blob: Blob, name: string): void
  /** The title of a meeting whose link names that host, hexadecimal; null where this browser has none. */
  titleOfHost(host: string): Promise<string | null>
  timers: PlayerTimers
}

export class OpenedResult extends Snapshot<ResultView> implements ResultPort {
  readonly player: Player
  readonly #outside: ResultOutside

  constructor(opened: OpenedRecording, outside: ResultOutside) {
    const timeline = timelineOf(opened)
    super({ opened, timeline, loudness: new Map(), loudnessKnown: true, mp4: new Map(), hostTitle: null })
    this.#outside = outside
    this.player = new Player(timeline.durationMs, outside.timers)
    const { host, manifest } = opened.report
    if (host !== null && manifest === 'signed')
      outside.titleOfHost(host).then(
        (hostTitle) => this.patch({ hostTitle }),
        () => undefined,
      )
    for (const { name, blob } of opened.files) outside.send({ t: 'measure', file: name, blob })
  }

  save(file: string, format: 'webm' | 'mp4'): void {
    const blob = this.view.opened.files.find(({ name }) => name === file)?.blob
    if (!blob) return
    if (format === 'webm') this.#outside.save(blob, file)
    else if (this.view.mp4.get(file) !== 'making') {
      this.patch({ mp4: new Map(this.view.mp4).set(file, 'making') })
      this.#outside.send({ t: 'as-mp4', file, blob })
    }
  }

  hear(said: Extract<FromOpener, { t: 'loudness' | 'mp4' }>): void {
    if (said.t === 'mp4') this.#made(said.file, said.blob)
    else if (said.values === null) this.patch({ loudnessKnown: false })
    else {
      const known = (this.view.loudness.get(said.file) ?? []).slice(0, said.from)
      this.patch({ loudness: new Map(this.view.loudness).set(said.file, [...known, ...said.values]) })
    }
  }

  close(): void {
    this.player.close()
  }

  #made(file: string, blob: Blob | null): void {
    const mp4 = new Map(this.view.mp4)
    if (blob === null) mp4.set(file, 'failed')
    else {
      mp4.delete(file)
      this.#outside.save(blob, file.replace(/\.webm$/, '.mp4'))
    }
    this.patch({ mp4 })
  }
}
