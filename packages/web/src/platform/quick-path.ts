/**
 * Whether media could reach the server by one protocol: ICE and DTLS with the media engine, and not one packet of media.
 * The sender has no track by the time a packet could leave, so there is nothing to encrypt (FRM2).
 */
import type { AskServer } from '@huisclos/participant'
import type { RtpCapabilities } from '@huisclos/protocol'
import type { types } from 'mediasoup-client'
import { Device } from 'mediasoup-client'
import { answerProduce, connectTransport, transportOptions } from './media-session.ts'
import { ourCapabilities } from './router-capabilities.ts'

export interface QuickPath {
  request: AskServer
  routerRtp: RtpCapabilities
  protocol: 'udp' | 'tcp'
  withinMs: number
  signal: AbortSignal
}

/** True once connected; false when that took too long, failed or was called off. Rejects with what a request rejects with. */
export async function quickPath({
  request,
  routerRtp,
  protocol,
  withinMs,
  signal,
}: QuickPath): Promise<boolean> {
  const device = await Device.factory()
  await device.load({ routerRtpCapabilities: ourCapabilities(routerRtp) })
  const offer = await request({ t: 'media.transport', direction: 'send', tcpOnly: protocol === 'tcp' })
  const transport = device.createSendTransport(transportOptions(offer, { api: 'script', only: protocol }))
  const track = blankTrack()
  try {
    connectTransport(transport, { request })
    answerProduce(transport, request)
    const connected = connects(transport, withinMs, signal)
    await transport.produce({
      track,
      stopTracks: false,
      appData: { paused: true },
      onRtpSender: (sender) => void sender.replaceTrack(null),
    })
    return await connected
  } finally {
    track.stop()
    transport.close()
  }
}

/** A picture that is never drawn. */
function blankTrack(): MediaStreamTrack {
  const canvas = document.createElement('canvas')
  canvas.getContext('2d')
  const [track] = canvas.captureStream(0).getVideoTracks()
  if (!track) throw new Error('a canvas without a track')
  return track
}

function connects(transport: types.Transport, withinMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isConnected: boolean) => {
      clearTimeout(timer)
      resolve(isConnected)
    }
    const timer = setTimeout(() => end(false), withinMs)
    signal.addEventListener('abort', () => end(false))
    transport.on('connectionstatechange', (state) => {
      if (state === 'connected') end(true)
      else if (state === 'failed' || state === 'closed') end(false)
    })
  })
}
