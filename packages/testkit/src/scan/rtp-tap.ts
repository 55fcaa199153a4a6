/**
 * Hears every RTP packet that the media engine of this process gets, by mediasoup's observer and direct transports: what
 * the SFU sees after the hop's own encryption. Needs nothing of the server's code, which does not know of it.
 */
import * as mediasoup from 'mediasoup'
import type { Producer, Router, Worker } from 'mediasoup/types'
import type { TappedStream } from './check-packets.ts'

export type OnPacket = (stream: TappedStream, packet: Uint8Array) => void

export interface RtpTap {
  /** Streams tapped so far. */
  readonly streams: number
  stop(): void
}

/** To be started before the server. `faults` takes what went wrong while tapping: a test that has any has failed. */
export function tapRtp(onPacket: OnPacket, faults: unknown[]): RtpTap {
  let streams = 0
  const tap = async (router: Router, producer: Producer): Promise<void> => {
    const transport = await router.createDirectTransport()
    const { codecs, headerExtensions } = router.rtpCapabilities
    const rtpCapabilities = { codecs: codecs ?? [], headerExtensions: headerExtensions ?? [] }
    const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities, pipe: true })
    const mimeType = consumer.rtpParameters.codecs[0]?.mimeType.toLowerCase()
    if (mimeType !== 'audio/opus' && mimeType !== 'video/vp8') throw new Error(`no scan of ${mimeType}`)
    const agreed = consumer.rtpParameters.headerExtensions ?? []
    const stream: TappedStream = {
      codec: mimeType === 'audio/opus' ? 'opus' : 'vp8',
      extensions: new Map(agreed.map(({ id, uri }) => [id, uri])),
    }
    streams++
    consumer.on('rtp', (packet) => onPacket(stream, packet))
  }
  const onWorker = (worker: Worker): void => {
    worker.observer.on('newrouter', (router) => {
      router.observer.on('newtransport', (transport) => {
        transport.observer.on('newproducer', (producer) => {
          tap(router, producer).catch((error: unknown) => {
            if (!producer.closed) faults.push(error)
          })
        })
      })
    })
  }
  mediasoup.observer.on('newworker', onWorker)
  return {
    get streams() {
      return streams
    },
    stop: () => void mediasoup.observer.off('newworker', onWorker),
  }
}
