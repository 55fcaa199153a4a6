/**
 * From files and a key to an opened recording (OPEN1, OPEN3): what was given, what is under way, what came of it. Holds
 * key files and letters as they were given until the recording is open, then drops them; never reads them itself.
 */
import { Snapshot } from '../../call/snapshot.ts'
import type { ChosenRecording, KeyPart, OpeningPort, OpeningView, ResultPort } from '../opening-port.ts'
import type {
  FromOpener,
  GivenKey,
  OpenedRecording,
  OpenerRefusal,
  ToOpener,
} from '../worker/opener-messages.ts'
import type { GivenFile } from './found-recordings.ts'
import { sortFiles } from './found-recordings.ts'
import type { ResultOutside } from './opened-result.ts'
import { OpenedResult } from './opened-result.ts'
import type { ServerRecordings } from './server-recordings.ts'
import { FetchError } from './server-recordings.ts'

export interface OpenerLink {
  send(message: ToOpener): void
  onMessage(heard: (message: FromOpener) => void): void
  terminate(): void
}

export interface OpeningOutside extends Omit<ResultOutside, 'send'> {
  /** A worker of its own each time. */
  start(): OpenerLink
  server: ServerRecordings
}

const EMPTY: OpeningView = {
  stage: { at: 'choosing', problem: null },
  found: [],
  chosen: null,
  strangers: [],
  keys: [],
}

export class Opening extends Snapshot<OpeningView> implements OpeningPort {
  readonly server: ServerRecordings
  readonly #outside: OpeningOutside
  readonly #given = new Map<number, GivenKey>()
  #opener: OpenerLink | null = null
  #result: OpenedResult | null = null
  #fetching: AbortController | null = null
  #nextId = 0

  constructor(outside: OpeningOutside) {
    super(EMPTY)
    this.#outside = outside
    this.server = outside.server
  }

  get result(): ResultPort | null {
    return this.#result
  }

  give(files: readonly GivenFile[]): void {
    const { recordings, keys, accesses, strangers } = sortFiles(files)
    const [only] = recordings
    if (recordings.length === 1 && only) this.patch({ found: [], chosen: { from: 'files', recording: only } })
    else if (recordings.length > 1) this.patch({ found: recordings, chosen: null })
    this.patch({ strangers, stage: { at: 'choosing', problem: null } })
    for (const { path, blob } of keys) this.#addKey(path.split('/').at(-1) ?? '', blob)
    for (const file of accesses) void this.#addAccess(file)
  }

  giveLetters(text: string): void {
    if (text.trim() !== '') this.#addKey('', text)
  }

  removeKey(id: number): void {
    this.#given.delete(id)
    this.patch({ keys: this.view.keys.filter((key) => key.id !== id) })
  }

  choose(chosen: ChosenRecording | null): void {
    this.patch({ chosen, stage: { at: 'choosing', problem: null } })
  }

  open(passphrase: string): void {
    const { chosen } = this.view
    if (chosen === null) return
    if (chosen.from === 'files') this.#sendOpen(chosen.recording.files, passphrase)
    else void this.#fetchAndOpen(chosen.id, passphrase)
  }

  cancel(): void {
    this.#fetching?.abort()
    this.#end()
    this.patch({ stage: { at: 'choosing', problem: null } })
  }

  close(): void {
    this.#end()
    this.#given.clear()
    this.set(EMPTY)
  }

  async #fetchAndOpen(id: string, passphrase: string): Promise<void> {
    const own = new AbortController()
    this.#fetching = own
    this.patch({ stage: { at: 'fetching', part: 0 } })
    const onProgress = (part: number): void => {
      if (!own.signal.aborted) this.patch({ stage: { at: 'fetching', part } })
    }
    try {
      const files = await this.server.fetch(id, onProgress, own.signal)
      if (!own.signal.aborted) this.#sendOpen(files, passphrase)
    } catch (error) {
      if (own.signal.aborted) return
      this.#refused({ code: error instanceof FetchError ? 'server-refused' : 'fault', about: '' })
    }
  }

  #sendOpen(files: readonly { name: string; blob: Blob }[], passphrase: string): void {
    const keys = this.view.keys.flatMap(({ id, read }) => {
      const given = this.#given.get(id)
      return given !== undefined && read !== null && 'kind' in read ? [given] : []
    })
    this.patch({ stage: { at: 'key', part: 0 } })
    this.#send({ t: 'open', files, keys, passphrase })
  }

  async #addAccess({ path, blob }: GivenFile): Promise<void> {
    const text = await blob.text().catch(() => '')
    if (!this.server.addToken(text)) this.patch({ strangers: [...this.view.strangers, path] })
  }

  #addKey(name: string, given: GivenKey): void {
    const id = this.#nextId++
    this.#given.set(id, given)
    this.patch({ keys: [...this.view.keys, { id, name, read: null }] })
    this.#send({ t: 'read-key', id, given })
  }

  #send(message: ToOpener): void {
    if (this.#opener === null) {
      const opener = this.#outside.start()
      opener.onMessage((said) => {
        if (this.#opener === opener) this.#hear(said)
      })
      this.#opener = opener
    }
    this.#opener.send(message)
  }

  #hear(said: FromOpener): void {
    if (said.t === 'key-read') this.#keyRead(said.id, said.read)
    else if (said.t === 'progress') this.patch({ stage: { at: said.step, part: said.part } })
    else if (said.t === 'opened') this.#opened(said.opened)
    else if (said.t === 'refused') this.#refused(said.refusal)
    else this.#result?.hear(said)
  }

  #keyRead(id: number, read: KeyPart['read']): void {
    this.patch({ keys: this.view.keys.map((key) => (key.id === id ? { ...key, read } : key)) })
  }

  #opened(opened: OpenedRecording): void {
    this.#given.clear()
    const send = (message: ToOpener): void => this.#send(message)
    this.#result = new OpenedResult(opened, { ...this.#outside, send })
    this.patch({ keys: [], stage: { at: 'opened' } })
  }

  #refused(problem: OpenerRefusal): void {
    // What is open stays, whatever becomes of its bars.
    if (this.view.stage.at === 'opened') return
    this.#end()
    const keys = this.view.keys.map((key) => (key.read === null ? { ...key, read: problem } : key))
    this.patch({ keys, stage: { at: 'choosing', problem } })
  }

  /** The worker goes, and with it whatever it held. */
  #end(): void {
    this.#opener?.terminate()
    this.#opener = null
    this.#result?.close()
    this.#result = null
  }
}
