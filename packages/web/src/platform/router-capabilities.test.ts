import type { RtpCapabilities } from '@huisclos/protocol'
import { expect, test } from 'vitest'
import { codecOf, ourCapabilities } from './router-capabilities.ts'

const router: RtpCapabilities = {
  codecs: [
    {
      kind: 'audio',
      mimeType: 'audio/opus',
      preferredPayloadType: 100,
      clockRate: 48_000,
      channels: 2,
      parameters: { usedtx: 1 },
    },
    { kind: 'audio', mimeType: 'audio/red', preferredPayloadType: 110, clockRate: 48_000, channels: 2 },
    { kind: 'video', mimeType: 'video/VP8', preferredPayloadType: 101, clockRate: 90_000 },
    {
      kind: 'video',
      mimeType: 'video/rtx',
      preferredPayloadType: 102,
      clockRate: 90_000,
      parameters: { apt: 101 },
    },
    { kind: 'video', mimeType: 'video/H264', preferredPayloadType: 103, clockRate: 90_000 },
    {
      kind: 'video',
      mimeType: 'video/rtx',
      preferredPayloadType: 104,
      clockRate: 90_000,
      parameters: { apt: 103 },
    },
    {
      kind: 'video',
      mimeType: 'video/VP9',
      preferredPayloadType: 105,
      clockRate: 90_000,
      parameters: { 'profile-id': 0 },
    },
  ],
  headerExtensions: [
    { kind: 'audio', uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', preferredId: 10 },
    { kind: 'audio', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', preferredId: 1 },
  ],
}

test('[FRM4] Opus is constant in bitrate and without DTX, whatever the server says', () => {
  const opus = ourCapabilities(router).codecs?.find(({ mimeType }) => mimeType === 'audio/opus')
  expect(opus?.parameters).toMatchObject({ cbr: 1, usedtx: 0, ptime: 20, stereo: 0 })
})

test('only codecs that we encrypt are negotiated, with their retransmission and without RED', () => {
  expect(ourCapabilities(router).codecs?.map(({ preferredPayloadType }) => preferredPayloadType)).toEqual([
    100, 101, 105, 102,
  ])
})

test('[SEE1] the audio level, which shows who speaks, is never negotiated', () => {
  expect(ourCapabilities(router).headerExtensions?.map(({ uri }) => uri)).toEqual([
    'urn:ietf:params:rtp-hdrext:sdes:mid',
  ])
})

test('the server’s own object is left as it was', () => {
  const before = structuredClone(router)
  ourCapabilities(router)
  expect(router).toEqual(before)
})

test('a codec is known by its name in any case, and others by none', () => {
  expect(['audio/OPUS', 'video/vp8', 'video/VP9', 'video/AV1', ''].map(codecOf)).toEqual([
    'opus',
    'vp8',
    'vp9',
    undefined,
    undefined,
  ])
})
