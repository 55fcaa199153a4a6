/**
 * One room of the real media engine without the rest of the server: guests speak to it as they would over the socket,
 * and events come back as calls. For tests and measurements of what carries packets.
 */
import { randomBytes } from 'node:crypto'
import type { AskServer } from '@huisclos/participant'
import type { EventOf, ResultOf, RtpCapabilities } from '@huisclos/protocol'
import { PeerId, RESULTS, Request } from '@huisclos/protocol'
import type { MediasoupSfu } from '@huisclos/server/mediasoup-sfu'
import { startMediasoupSfu } from '@huisclos/server/mediasoup-sfu'
import type { SfuPeer, SfuPeerEvent } from '@huisclos/server/sfu'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

export interface MediaGuest {
  readonly peer: SfuPeer
  readonly id: PeerId
  /** Asks the engine as one asks the server; anything but media is refused. */
  readonly ask: AskServer
  /** Everything that was told to this guest. */
  readonly events: SfuPeerEvent[]
  /** Called for each consumer offered, with a number as a session gives it. */
  onConsumer: (offer: EventOf<'media.consumer'>) => void
}

export interface MediaRoom {
  readonly sfu: MediasoupSfu
  readonly routerRtp: RtpCapabilities
  enter(): MediaGuest
  close(): Promise<void>
}

async function carryOut(peer: SfuPeer, request: Request): Promise<object | undefined> {
  switch (request.t) {
    case 'media.transport':
      return await peer.createTransport({ direction: request.direction, tcpOnly: request.tcpOnly ?? false })
    case 'media.produce':
      return await peer.produce(request)
    case 'media.restart-ice':
      return await peer.restartIce(request)
    case 'media.connect':
      return void (await peer.connect(request))
    case 'media.pause':
      return void (await peer.pause(request))
    case 'media.close':
      return void (await peer.closeProducer(request))
    case 'media.receive':
      return void (await peer.receive(request))
    case 'media.want':
      return void (await peer.want(request))
    case 'media.key-frame':
      return void (await peer.requestKeyFrame(request))
    default:
      throw new Error(`a media room does not answer ${request.t}`)
  }
}

/**
 * Starts the engine on loopback, with one worker unless told otherwise.
 * @throws SfuStartError
 */
export async function startMediaRoom(options: { workers?: number } = {}): Promise<MediaRoom> {
  const sfu = await startMediasoupSfu({
    workerBin: process.env['MEDIASOUP_WORKER_BIN'] ?? '',
    workers: options.workers ?? 1,
    mediaPort: 0,
    addresses: [{ ip: '127.0.0.1' }],
    log: silent,
  })
  const room = await sfu.createRoom({ onLost: () => undefined })
  const enter = (): MediaGuest => {
    const id = PeerId.parse(randomBytes(16).toString('base64url'))
    const events: SfuPeerEvent[] = []
    const peer = room.addPeer({
      peer: id,
      onEvent: (event) => {
        events.push(event)
        if (event.t === 'media.consumer') guest.onConsumer({ ...event, seq: events.length })
      },
    })
    const ask: AskServer = async (body) => {
      const answer = await carryOut(peer, Request.parse({ ...body, id: 1 }))
      return RESULTS[body.t].parse(answer ?? {}) as ResultOf<typeof body.t>
    }
    const guest: MediaGuest = { peer, id, ask, events, onConsumer: () => undefined }
    return guest
  }
  return { sfu, routerRtp: room.rtpCapabilities, enter, close: () => sfu.close() }
}
