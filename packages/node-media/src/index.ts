/**
 * Media of participants without a browser (bots, the telephone bridge): the engine's MediaAdapter over raw DTLS-SRTP, with
 * frames sealed and opened here. Decodes and encodes no sound or picture, and opens no meeting.
 */

export { DatachannelTransport } from './datachannel-transport.ts'
export type { EncodedFrame, TrackLayer } from './encoded-track.ts'
export { EncodedTrack } from './encoded-track.ts'
export { NodeMediaAdapter, NodeMediaError } from './node-media-adapter.ts'
export type { MakeTransport, RawState, RawTransport, RemoteTransport } from './raw-transport.ts'
export type { RunningSource } from './running-source.ts'
export { runSource } from './running-source.ts'
export { codecFor, receiveCapabilities, sendParameters } from './sending-codec.ts'
export type { QualityReport } from './stream-quality.ts'
export { systemClock } from './system-clock.ts'
