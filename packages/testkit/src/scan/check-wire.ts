/**
 * Judges recorded traffic of sockets and HTTP (SEE1): each message must be one of the strict schemas, have no field
 * beyond the list, and nowhere, decoded or not, hold a known name, text or secret.
 */
import type { BridgeFrame, Request, ServerFrame } from '@huisclos/protocol'
import { decodeBridgeFrame, decodeRequest, decodeServerFrame, RESULTS, RoomPut } from '@huisclos/protocol'
import type { NeedleSearch } from './needles.ts'
import { unlistedFields } from './seen-fields.ts'

/** One frame of one socket. */
export interface WireFrame {
  readonly socket: number
  readonly from: 'client' | 'server'
  readonly text: string
}

export interface HttpExchange {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface Defect {
  readonly where: string
  readonly what: string
}

/** Headers by which a browser would tell where it was or who it is. */
const TELLING_HEADERS = ['referer', 'cookie']

export class WireJudge {
  readonly defects: Defect[] = []
  /** How much was looked at: a scan of nothing proves nothing. */
  frames = 0
  readonly #search: NeedleSearch
  readonly #asked = new Map<string, Request>()

  constructor(search: NeedleSearch) {
    this.#search = search
  }

  frame({ socket, from, text }: WireFrame): void {
    this.frames++
    this.#look(`frame of the ${from}`, text)
    if (from === 'client') this.#request(socket, text)
    else this.#told(socket, text)
  }

  exchange({ method, path, headers, body }: HttpExchange): void {
    const where = `${method} ${path.split('?')[0]}`
    this.#look(where, `${path}\n${JSON.stringify(headers)}`)
    this.#found(where, body)
    for (const name of TELLING_HEADERS) if (headers[name]) this.#defect(where, `the header ${name}`)
    if (body.length === 0) return
    const parsed = RoomPut.safeParse(parseJson(new TextDecoder().decode(body)))
    if (!parsed.success) {
      this.#defect(where, 'a body that no schema has')
      return
    }
    this.#fields('PUT room', parsed.data)
  }

  #request(socket: number, text: string): void {
    const decoded = decodeRequest(text)
    if (!decoded.ok) {
      this.#defect('frame of the client', 'a message that no schema has')
      return
    }
    this.#asked.set(`${socket} ${decoded.value.id}`, decoded.value)
    this.#fields(decoded.value.t, decoded.value)
  }

  #told(socket: number, text: string): void {
    const told = decodeServerFrame(text)
    const decoded: typeof told | ReturnType<typeof decodeBridgeFrame> = told.ok
      ? told
      : decodeBridgeFrame(text)
    if (!decoded.ok) {
      this.#defect('frame of the server', 'a message that no schema has')
      return
    }
    const frame: ServerFrame | BridgeFrame = decoded.value
    if (frame.t !== 'ok') {
      this.#fields(frame.t, frame)
      return
    }
    const asked = this.#asked.get(`${socket} ${frame.re}`)
    const result = asked && RESULTS[asked.t].safeParse(frame.result)
    if (!asked || !result?.success) {
      this.#defect('answer of the server', 'a result that no schema has')
      return
    }
    this.#fields(`ok:${asked.t}`, result.data as Record<string, unknown>)
  }

  #fields(name: string, message: Record<string, unknown>): void {
    for (const path of unlistedFields(name, message))
      this.#defect(name, `the field ${path} is not on SEE1's list`)
    for (const bytes of byteFields(message)) this.#found(name, bytes)
  }

  #look(where: string, text: string): void {
    this.#found(where, new TextEncoder().encode(text))
  }

  #found(where: string, bytes: Uint8Array): void {
    for (const what of this.#search.find(bytes)) this.#defect(where, what)
  }

  #defect(where: string, what: string): void {
    this.defects.push({ where, what })
  }
}

/** What each text of a message is in base64url. */
function byteFields(value: unknown): Uint8Array[] {
  if (typeof value === 'string') return /^[\w-]{8,}$/.test(value) ? [Buffer.from(value, 'base64url')] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(byteFields)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
