/**
 * Recordings that lie in this browser until they are saved or deleted (LREC3): those just ended, and those that a crash
 * interrupted. The worker that reads them, and mediabunny with it, is started only where there is one.
 */
import {
  abandonedIds,
  deleteRecording,
  fileName,
  recordingFolder,
} from '../platform/recording/recording-files.ts'
import type { FromExporter, ToExporter } from '../platform/recording/recording-messages.ts'
import type { KeptRecordingsPort, KeptRecordingsView, RecordingWords } from '../ui/recording-ports.ts'
import { Snapshot } from './snapshot.ts'

export interface ExporterLink {
  send(message: ToExporter): void
  onMessage(heard: (message: FromExporter) => void): void
}

export class KeptRecordings extends Snapshot<KeptRecordingsView> implements KeptRecordingsPort {
  readonly #start: () => Promise<ExporterLink>
  #exporter: Promise<ExporterLink> | null = null
  #words: RecordingWords | null = null

  constructor(start: () => Promise<ExporterLink>) {
    super({ kept: [], making: null, saved: new Set(), problem: null })
    this.#start = start
  }

  /** Looks whether there is one. Never rejects: a browser without storage keeps none. */
  look = async (): Promise<void> => {
    const ids = await abandonedIds().catch(() => [])
    if (ids.length === 0) return this.patch({ kept: [] })
    await this.#send({ t: 'list' })
  }

  save = (id: string, words: RecordingWords): void => {
    if (this.view.making) return
    this.#words = words
    this.patch({ making: { id, done: 0 }, problem: null })
    const { file: _, ...sources } = words
    void this.#send({ t: 'make', id, words: sources })
  }

  delete = (id: string): void => {
    void deleteRecording(id)
      .catch(() => undefined)
      .then(() => this.look())
  }

  async #send(message: ToExporter): Promise<void> {
    this.#exporter ??= this.#start().then((link) => {
      link.onMessage((said) => void this.#hear(said))
      return link
    })
    ;(await this.#exporter).send(message)
  }

  async #hear(said: FromExporter): Promise<void> {
    const { making } = this.view
    if (said.t === 'listed') return this.patch({ kept: said.kept })
    if (!making) return
    if (said.t === 'progress') return this.patch({ making: { ...making, done: said.done } })
    if (said.t === 'failed') return this.patch({ making: null, problem: { id: making.id, why: said.why } })
    await handOver(making.id, savedName(this.#words?.file ?? '', said))
    this.patch({ making: null, saved: new Set([...this.view.saved, making.id]) })
  }
}

/** Like "Recording – Board – 2026-11-28 10.02.webm": nothing that a file system would refuse. */
function savedName(word: string, { title, beganAt }: { title: string; beganAt: number }): string {
  const date = new Date(beganAt)
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const parts = [word, title, `${day} ${two(date.getHours())}.${two(date.getMinutes())}`]
  const plain = parts.map((part) =>
    part
      .replace(/[\p{Cc}\\/:*?"<>|]+/gu, ' ')
      .trim()
      .slice(0, 80),
  )
  return `${plain.filter((part) => part !== '').join(' – ')}.webm`
}

async function handOver(id: string, name: string): Promise<void> {
  const file = await (await (await recordingFolder()).getFileHandle(fileName(id))).getFile()
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to read it long before.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
