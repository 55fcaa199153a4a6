/** Forwarding by Janus' VideoRoom: the same raw DTLS-SRTP transports as with mediasoup, one sender and its watchers. */
import { randomInt } from 'node:crypto'
import type { RawTransport } from '@huisclos/node-media'
import type { Forwarder } from '../forward/forwarder.ts'
import { MeteredTransport } from '../forward/metered-transport.ts'
import type { PacketMeter } from '../forward/packet-meter.ts'
import { trackSender } from '../forward/packet-sender.ts'
import { until } from '../meeting/bot-in-meeting.ts'
import { residentBytes } from '../run/process-costs.ts'
import type { JanusClient } from './janus-client.ts'
import { ROOM } from './janus-config.ts'
import type { RunningJanus } from './janus-process.ts'
import { startJanus } from './janus-process.ts'
import { ownSdp, readJanusSdp } from './janus-sdp.ts'

const FEED = 7
const PAYLOAD_TYPE = 96
const CONNECTED_WITHIN_MS = 10_000

function sdpOf(sdp: string | null, from: string): string {
  if (sdp === null) throw new Error(`Janus' answer to ${from} has no SDP`)
  return sdp
}

/** Resolves when the transport is up. */
function connected(raw: RawTransport): () => Promise<void> {
  let state = 'connecting'
  raw.onState = (now) => {
    state = now
  }
  return () => until('a bot is connected to Janus', CONNECTED_WITHIN_MS, () => state === 'connected')
}

async function publish(client: JanusClient, raw: RawTransport, ssrc: number): Promise<void> {
  const isUp = connected(raw)
  const handle = await client.attach()
  const offer = ownSdp({ local: raw, payloadType: PAYLOAD_TYPE, mid: '0', ssrc })
  const joining = { request: 'joinandconfigure', ptype: 'publisher', room: ROOM, id: FEED }
  const answer = await client.message(handle, joining, { type: 'offer', sdp: offer })
  raw.connect(readJanusSdp(sdpOf(answer, 'publishing')).remote)
  await isUp()
}

/** A participant who publishes nothing: one handle to be in the room, one to watch, as Janus' clients have it. */
async function watch(client: JanusClient, raw: RawTransport): Promise<void> {
  const isUp = connected(raw)
  const present = await client.attach()
  await client.message(present, { request: 'join', ptype: 'publisher', room: ROOM })
  const handle = await client.attach()
  const joining = { request: 'join', ptype: 'subscriber', room: ROOM, streams: [{ feed: FEED }] }
  const offered = readJanusSdp(sdpOf(await client.message(handle, joining), 'watching'))
  const answer = ownSdp({ local: raw, payloadType: offered.payloadType, mid: offered.mid })
  await client.message(handle, { request: 'start' }, { type: 'answer', sdp: answer })
  raw.connect(offered.remote)
  await isUp()
}

export async function openJanus(meter: PacketMeter, receivers: number): Promise<Forwarder> {
  const janus: RunningJanus = await startJanus()
  const emptyBytes = residentBytes([janus.pid])
  const raws: RawTransport[] = []
  const clients: JanusClient[] = []
  const close = async (): Promise<void> => {
    for (const raw of raws) raw.close()
    for (const client of clients) client.close()
    await janus.close()
  }
  const enter = async (): Promise<[JanusClient, RawTransport]> => {
    const client = await janus.connect()
    const raw = new MeteredTransport(meter, janus.address)
    clients.push(client)
    raws.push(raw)
    return [client, raw]
  }
  try {
    const [client, from] = await enter()
    const ssrc = randomInt(1, 0xffff_fffe)
    await publish(client, from, ssrc)
    for (let i = 0; i < receivers; i++) await watch(...(await enter()))
    const send = trackSender(from, PAYLOAD_TYPE, ssrc)
    return {
      name: 'Janus',
      pids: [janus.pid],
      emptyBytes,
      send: async (track) => send(track),
      close: async () => {
        send(null)
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
