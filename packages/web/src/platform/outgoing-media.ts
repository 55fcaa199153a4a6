/**
 * What this page sends: one producer a source, its track, and whether it is paused. A paused source sends nothing: the
 * worker drops its frames from that moment, the sender has no track, and the server knows (SEE1).
 */
import type { Codec } from '@huisclos/crypto/sframe'
import type { AskServer, Source } from '@huisclos/participant'
import { kindOfSource } from '@huisclos/participant'
import type { ProducerId } from '@huisclos/protocol'
import type { types } from 'mediasoup-client'
import type { FrameWorkerLink } from './frame-worker-link.ts'
import { MediaError } from './media-error.ts'
import { codecOf } from './router-capabilities.ts'
import type { SendProfile, VideoCodec } from './send-profile.ts'
import { sendProfile } from './send-profile.ts'

/** The highest layer that there is, and any above. */
const ALL_LAYERS = 2
/** For one scalable stream (VP9): as much as its lowest layer takes, and as much as the profile gives. */
const SAVER_BPS = 150_000
const CAMERA_BPS = 1_700_000

interface Sent {
  producer: types.Producer
  stream: number
  /** What is sent when not paused. */
  track: MediaStreamTrack | null
  paused: boolean
}

interface Wish {
  source: Source
  track: MediaStreamTrack
  stream: number
  paused: boolean
}

export class OutgoingMedia {
  readonly #transport: types.Transport
  readonly #frames: FrameWorkerLink
  readonly #request: AskServer
  readonly #videoCodec: VideoCodec
  readonly #sent = new Map<Source, Sent>()
  /** Random, so that nothing tells two meetings of one person apart or together. */
  #cameraIsLow = false
  readonly #syncIds = { person: crypto.randomUUID(), screen: crypto.randomUUID() }

  constructor(
    transport: types.Transport,
    frames: FrameWorkerLink,
    request: AskServer,
    videoCodec: VideoCodec,
  ) {
    this.#transport = transport
    this.#frames = frames
    this.#request = request
    this.#videoCodec = videoCodec
  }

  /** Which source each producer carries, for statistics. */
  sources(): ReadonlyMap<string, Source> {
    return new Map([...this.#sent].map(([source, { producer }]) => [producer.localId, source]))
  }

  async publish(wish: Wish): Promise<{ producer: ProducerId; codec: SendProfile['codec'] }> {
    if (this.#sent.has(wish.source)) await this.unpublish(wish.source)
    const profile = sendProfile(wish.source, this.#videoCodec)
    hint(wish.source, wish.track, profile)
    const producer = await this.#produce(wish, profile)
    const sent: Sent = { producer, stream: wish.stream, track: wish.track, paused: wish.paused }
    this.#sent.set(wish.source, sent)
    if (wish.source === 'camera' && this.#cameraIsLow) limitLayers(producer, true)
    if (wish.paused) await producer.replaceTrack({ track: null })
    return { producer: producer.id as ProducerId, codec: profile.codec }
  }

  async replaceTrack(source: Source, track: MediaStreamTrack | null): Promise<void> {
    const sent = this.#get(source)
    if (track) hint(source, track, sendProfile(source, this.#videoCodec))
    sent.track = track
    if (!sent.paused) await sent.producer.replaceTrack({ track })
  }

  async setPaused(source: Source, paused: boolean): Promise<void> {
    const sent = this.#get(source)
    if (sent.paused === paused) return
    sent.paused = paused
    this.#frames.send({ t: 'pause', stream: sent.stream, paused })
    // The track is back before the server resumes: it then asks for the key frame that receivers start with.
    await sent.producer.replaceTrack({ track: paused ? null : sent.track })
    await this.#request({ t: 'media.pause', producer: sent.producer.id as ProducerId, paused })
  }

  /** Data saver: the camera's smallest layer alone; what is published later too. */
  limitCamera(low: boolean): void {
    this.#cameraIsLow = low
    const camera = this.#sent.get('camera')
    if (camera) limitLayers(camera.producer, low)
  }

  /** Chromium makes one when the parameters are set anew with the wish; another browser ignores it. */
  askKeyFrame(source: Source): void {
    const sender = this.#sent.get(source)?.producer.rtpSender
    if (!sender) return
    const parameters = sender.getParameters()
    const encodingOptions = parameters.encodings.map(() => ({ keyFrame: true }))
    const setParameters = sender.setParameters.bind(sender) as (p: object, o: object) => Promise<void>
    setParameters(parameters, { encodingOptions }).catch(() => undefined)
  }

  async unpublish(source: Source): Promise<void> {
    const sent = this.#get(source)
    this.#sent.delete(source)
    this.#frames.send({ t: 'end-stream', stream: sent.stream })
    sent.producer.close()
    await this.#request({ t: 'media.close', producer: sent.producer.id as ProducerId })
  }

  async #produce(wish: Wish, profile: SendProfile): Promise<types.Producer> {
    const { codec, encodings, codecOptions, packetBytes, syncGroup } = profile
    const { stream, paused } = wish
    const kind = kindOfSource(wish.source)
    let attached = false
    const producer = await this.#transport.produce({
      track: wish.track,
      encodings,
      codecOptions,
      codec: codecCapability(codec) as types.RtpCodecCapability,
      streamId: this.#syncIds[syncGroup],
      stopTracks: false,
      disableTrackOnPause: false,
      appData: { paused },
      onRtpSender: (sender) => {
        this.#frames.attach(sender, {
          role: 'send',
          stream,
          source: wish.source,
          codec,
          kind,
          packetBytes,
          paused,
        })
        attached = true
      },
    })
    const sent = codecOf(producer.rtpParameters.codecs[0]?.mimeType ?? '')
    if (attached && sent === codec) return producer
    // FRM2: never a sender without its transform, or one that encrypts another codec than is sent.
    producer.close()
    throw new MediaError(attached ? 'codec-missing' : 'unsupported-browser')
  }

  #get(source: Source): Sent {
    const sent = this.#sent.get(source)
    if (!sent) throw new MediaError('not-published')
    return sent
  }
}

/** What a screen shows is for its sharer to say; the profile speaks where nobody did. */
function hint(source: Source, track: MediaStreamTrack, profile: SendProfile): void {
  if (source !== 'screen' || track.contentHint === '') track.contentHint = profile.contentHint
}

/** Simulcast sends its first encodings only; one scalable stream is held to the bitrate of its lowest layer. */
function limitLayers(producer: types.Producer, low: boolean): void {
  const { encodings } = producer.rtpParameters
  const limited =
    (encodings?.length ?? 0) > 1
      ? producer.setMaxSpatialLayer(low ? 0 : ALL_LAYERS)
      : producer.setRtpEncodingParameters({ maxBitrate: low ? SAVER_BPS : CAMERA_BPS })
  // A producer that closes meanwhile sends nothing at all.
  limited.catch(() => undefined)
}

/** What mediasoup-client picks the codec by; payload types play no part in that. */
function codecCapability(codec: Codec): Omit<types.RtpCodecCapability, 'preferredPayloadType'> {
  if (codec === 'opus') return { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }
  return { kind: 'video', mimeType: `video/${codec.toUpperCase()}`, clockRate: 90_000, parameters: {} }
}
