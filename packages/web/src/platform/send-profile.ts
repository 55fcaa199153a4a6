/**
 * How each source is sent: codec, layers, bitrates, content hint. VP8 in three simulcast layers, or VP9 in one
 * scalable stream (both seen to work with encrypted frames); shared screens favour sharp text over many frames.
 */
import type { Codec } from '@huisclos/crypto/sframe'
import type { PersonSource, Source } from '@huisclos/participant'
import { isCallerSource } from '@huisclos/participant/media-adapter'
import type { types } from 'mediasoup-client'
import { MICROPHONE_PACKET_BYTES, SCREEN_AUDIO_PACKET_BYTES } from './opus-size.ts'

export type VideoCodec = 'vp8' | 'vp9'

export interface SendProfile {
  codec: Codec
  contentHint: '' | 'speech' | 'music' | 'motion' | 'detail'
  encodings: types.RtpEncodingParameters[]
  codecOptions: types.ProducerCodecOptions
  /** FRM4; unused for video. */
  packetBytes: number
  /** Sources with the same group are played in step by their receivers. */
  syncGroup: 'person' | 'screen'
}

const CAMERA_VP8: types.RtpEncodingParameters[] = [
  { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 1, maxBitrate: 1_700_000, scalabilityMode: 'L1T3' },
]
const CAMERA_VP9: types.RtpEncodingParameters[] = [{ maxBitrate: 1_700_000, scalabilityMode: 'L3T3_KEY' }]
const SCREEN: types.RtpEncodingParameters[] = [{ maxBitrate: 3_000_000, scalabilityMode: 'L1T3' }]
/** Where the way out is narrow, sound goes first. */
const SOUND: types.RtpEncodingParameters[] = [{ priority: 'high', networkPriority: 'high' }]
const VIDEO_OPTIONS: types.ProducerCodecOptions = { videoGoogleStartBitrate: 600 }

/** A fresh profile: mediasoup-client writes into the encodings it is given. */
export function sendProfile(source: Source, videoCodec: VideoCodec): SendProfile {
  return structuredClone(profiles(videoCodec)[isCallerSource(source) ? 'microphone' : source])
}

function profiles(videoCodec: VideoCodec): Record<PersonSource, SendProfile> {
  return {
    microphone: {
      codec: 'opus',
      contentHint: 'speech',
      encodings: SOUND,
      codecOptions: { opusDtx: false, opusStereo: false },
      packetBytes: MICROPHONE_PACKET_BYTES,
      syncGroup: 'person',
    },
    camera: {
      codec: videoCodec,
      contentHint: 'motion',
      encodings: videoCodec === 'vp8' ? CAMERA_VP8 : CAMERA_VP9,
      codecOptions: VIDEO_OPTIONS,
      packetBytes: 0,
      syncGroup: 'person',
    },
    screen: {
      codec: 'vp8',
      contentHint: 'detail',
      encodings: SCREEN,
      codecOptions: VIDEO_OPTIONS,
      packetBytes: 0,
      syncGroup: 'screen',
    },
    'screen-audio': {
      codec: 'opus',
      contentHint: 'music',
      encodings: SOUND,
      codecOptions: { opusDtx: false, opusStereo: true, opusMaxAverageBitrate: 96_000 },
      packetBytes: SCREEN_AUDIO_PACKET_BYTES,
      syncGroup: 'screen',
    },
  }
}
