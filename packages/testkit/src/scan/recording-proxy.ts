/**
 * Stands before a server on loopback, passes everything on and keeps it: each HTTP request, and each text frame of each
 * WebSocket in both directions. The server knows nothing of it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, request as httpRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { HttpExchange, WireFrame } from './check-wire.ts'

export interface RecordingProxy {
  /** Address to open instead of the server's. */
  readonly url: string
  close(): Promise<void>
}

export interface Recorder {
  frame(frame: WireFrame): void
  exchange(exchange: HttpExchange): void
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

/** `target`: the server's address, as `http://127.0.0.1:8080`. */
export async function startRecordingProxy(target: string, recorder: Recorder): Promise<RecordingProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  let count = 0
  const server = createServer((incoming, outgoing) =>
    forward({ incoming, outgoing, hostname, port, recorder }),
  )
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { method = '', url: path = '' } = incoming
    recorder.exchange({ method, path, headers: headersOf(incoming), body: new Uint8Array() })
    sockets.handleUpgrade(incoming, socket, head, (client) => {
      join(client, new WebSocket(`ws://${hostname}:${port}${path}`), { socket: ++count, recorder })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function forward(a: {
  incoming: IncomingMessage
  outgoing: ServerResponse
  hostname: string
  port: string
  recorder: Recorder
}): void {
  const { incoming, outgoing, hostname, port, recorder } = a
  const { method = 'GET', url: path = '/', headers } = incoming
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const body = Buffer.concat(chunks)
    recorder.exchange({ method, path, headers: headersOf(incoming), body })
    const asked = httpRequest({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    asked.on('error', () => outgoing.destroy())
    asked.end(body)
  })
}

function join(client: WebSocket, server: WebSocket, a: { socket: number; recorder: Recorder }): void {
  const { socket, recorder } = a
  const waiting: string[] = []
  server.on('open', () => {
    for (const text of waiting.splice(0)) server.send(text)
  })
  client.on('message', (data) => {
    const text = String(data)
    recorder.frame({ socket, from: 'client', text })
    if (server.readyState === WebSocket.OPEN) server.send(text)
    else waiting.push(text)
  })
  server.on('message', (data) => {
    const text = String(data)
    recorder.frame({ socket, from: 'server', text })
    client.send(text)
  })
  client.on('close', () => server.close())
  server.on('close', () => client.close())
  client.on('error', () => server.terminate())
  server.on('error', () => client.terminate())
}
