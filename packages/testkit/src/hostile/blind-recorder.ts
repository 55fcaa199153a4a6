/**
 * What a server's recorder is to its clients, for tests of what clients hand it: it answers their requests, tells the
 * room its state, and keeps envelopes and consents. Stands in the lying server, so that a test can lie about any of it;
 * `open` is what the owner of the private key can do afterwards, and nobody else.
 */
import { decodeBase64url } from '@huisclos/crypto/bytes'
import type { EnvelopeContent, RecordingKey } from '@huisclos/crypto/seal'
import { importStreamKey, openEnvelope } from '@huisclos/crypto/seal'
import { clearBytesOf, decodeHeader, decodeKid, encodeMetadata, open } from '@huisclos/crypto/sframe'
import type { EventOf, RecordingId, Request, RequestOf } from '@huisclos/protocol'
import type { CarriedFrame } from './frame-hub.ts'
import type { HostileServer } from './hostile-server.ts'

type Envelope = { from: string; request: RequestOf<'recording.envelope'> }
type State = Omit<EventOf<'recording.state'>, 't' | 'seq'>

export class BlindRecorder {
  readonly envelopes: Envelope[] = []
  /** The latest consent of each client. */
  readonly consents = new Map<string, boolean>()
  readonly #server: HostileServer
  readonly #people: () => readonly string[]
  state: State = { recording: null, state: 'off', why: 'asked', since: 0 }
  /** Takes nothing and answers nothing. */
  swallows: (request: Request, from: string) => boolean = () => false

  /** `people`: whom it tells what it does. */
  constructor(server: HostileServer, people: () => readonly string[]) {
    this.#server = server
    this.#people = people
    server.onRequest((from, request) => this.#asked(from, request))
    server.onEntered(() => ({
      recording: this.state.recording === null ? null : { recording: this.state.recording },
    }))
  }

  say(recording: RecordingId | null, state: State['state']): void {
    this.state = { recording, state, why: 'asked', since: 0 }
    for (const name of this.#people()) this.#server.tell(name, { t: 'recording.state', ...this.state })
  }

  /** What the envelopes of one epoch, or of all, hold for the owner of the key. */
  async contents(key: RecordingKey, epoch?: number): Promise<EnvelopeContent[]> {
    const chosen = this.envelopes.filter(({ request }) => epoch === undefined || request.epoch === epoch)
    const opened = await Promise.all(
      chosen.map(({ request }) => {
        const [recording, group, body] = [request.recording, request.group, request.body].map(
          (text) => decodeBase64url(text) ?? new Uint8Array(),
        ) as [Uint8Array, Uint8Array, Uint8Array]
        return openEnvelope(key, body, { recording, group, epoch: request.epoch })
      }),
    )
    return opened.map((each) => {
      if (!each.ok) throw new Error(`an envelope that does not open: ${each.code}`)
      return each.content
    })
  }

  /** The frame in clear, or null: what the owner of the key gets of what the server kept. */
  async open(key: RecordingKey, { codec, kind, data }: CarriedFrame): Promise<string | null> {
    const size = clearBytesOf(codec, data)
    const header = size === undefined ? null : decodeHeader(data.subarray(size))
    if (size === undefined || !header?.ok) return null
    const kid = decodeKid(header.kid)
    for (const { epoch, keys } of await this.contents(key)) {
      const found = keys.find((each) => kid.ok && each.leaf === kid.leaf && each.stream === kid.stream)
      if (!found || !kid.ok || epoch % 256 !== kid.epochLow) continue
      const metadata = encodeMetadata(codec, kind, data.subarray(0, size))
      const opened = await open(await importStreamKey(found, epoch), metadata, data.subarray(size))
      if (opened.ok) return new TextDecoder().decode(opened.plaintext)
    }
    return null
  }

  #asked(from: string, request: Request): { result: object } | 'drop' | undefined {
    if (!request.t.startsWith('recording.')) return undefined
    if (this.swallows(request, from)) return 'drop'
    if (request.t === 'recording.envelope') this.envelopes.push({ from, request })
    if (request.t === 'recording.consent') this.consents.set(from, request.yes)
    if (request.t === 'recording.start') this.say(request.recording, 'running')
    if (request.t === 'recording.pause') this.say(request.recording, request.paused ? 'paused' : 'running')
    if (request.t === 'recording.stop') this.say(null, 'off')
    return { result: {} }
  }
}
