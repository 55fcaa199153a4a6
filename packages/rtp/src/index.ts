/**
 * RTP for those who read and write media without a browser (bots, the telephone bridge, the opener of recordings):
 * packets, VP8 payloads, frames put together, reordering, RTCP. Bytes in, bytes out: no network, no clock, no keys.
 */
export type { AssembledFrame, FrameCodec } from './frame-assembler.ts'
export { FrameAssembler } from './frame-assembler.ts'
export type { Ordered } from './reorder-buffer.ts'
export { ReorderBuffer } from './reorder-buffer.ts'
export type { Feedback, ReceivedReport, ReceptionBlock, SenderReport } from './rtcp.ts'
export {
  decodeFeedback,
  decodeReceptionBlocks,
  decodeSenderReports,
  encodeCname,
  encodeNack,
  encodePli,
  encodeReceiverReport,
  encodeSenderReport,
} from './rtcp.ts'
export type { RtpPacket } from './rtp-packet.ts'
export { decodeRtp, encodeRtp, fromRtx, isRtcp, toRtx } from './rtp-packet.ts'
export type { Vp8Payload } from './vp8-payload.ts'
export { isVp8KeyFrame, packetizeVp8, parseVp8, vp8PictureSize } from './vp8-payload.ts'
