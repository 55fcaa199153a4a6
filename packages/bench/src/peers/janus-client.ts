/** Janus' API over a WebSocket, as far as a participant of a VideoRoom needs it: a session and its plugin handles. */

interface Answer {
  janus: string
  transaction?: string
  data?: { id: number }
  error?: { reason: string }
  jsep?: { type: string; sdp: string }
  plugindata?: { data: Record<string, unknown> }
}

export interface Jsep {
  type: 'offer' | 'answer'
  sdp: string
}

const ANSWER_WITHIN_MS = 20_000
const PLUGIN = 'janus.plugin.videoroom'

export class JanusClient {
  readonly #socket: WebSocket
  readonly #waiting = new Map<string, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  #transactions = 0
  #session = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => this.#handle(JSON.parse(String(data)) as Answer))
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Janus closed the connection'))
      this.#waiting.clear()
    })
  }

  /** Connects and opens a session. @throws Error when nobody answers there */
  static async connect(url: string): Promise<JanusClient> {
    const socket = new WebSocket(url, 'janus-protocol')
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve())
      socket.addEventListener('error', () => reject(new Error('no connection to Janus')))
    })
    const client = new JanusClient(socket)
    client.#session = idOf(await client.#ask({ janus: 'create' }))
    return client
  }

  /** A new handle of the VideoRoom plugin, by its number. */
  async attach(): Promise<number> {
    return idOf(await this.#ask({ janus: 'attach', session_id: this.#session, plugin: PLUGIN }))
  }

  /** What the plugin answers to a request, and its SDP where it has one. @throws Error that the plugin or Janus names */
  async message(handle: number, body: object, jsep?: Jsep): Promise<string | null> {
    const answer = await this.#ask({
      janus: 'message',
      session_id: this.#session,
      handle_id: handle,
      body,
      ...(jsep ? { jsep } : {}),
    })
    const refused = answer.plugindata?.data['error']
    if (refused !== undefined) throw new Error(`Janus refused: ${String(refused)}`)
    return answer.jsep?.sdp ?? null
  }

  close(): void {
    this.#socket.close()
  }

  async #ask(request: object): Promise<Answer> {
    const transaction = `${++this.#transactions}`
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const timer = setTimeout(() => reject(new Error('Janus did not answer in time')), ANSWER_WITHIN_MS)
    this.#waiting.set(transaction, { resolve, reject })
    this.#socket.send(JSON.stringify({ ...request, transaction }))
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(transaction)
    }
  }

  #handle(answer: Answer): void {
    const waiting = answer.transaction === undefined ? undefined : this.#waiting.get(answer.transaction)
    // What a plugin does takes time: Janus acknowledges at once and answers later.
    if (!waiting || answer.janus === 'ack') return
    if (answer.janus === 'error') waiting.reject(new Error(`Janus: ${answer.error?.reason}`))
    else waiting.resolve(answer)
  }
}

function idOf({ data }: Answer): number {
  if (data === undefined) throw new Error('Janus gave no id')
  return data.id
}
