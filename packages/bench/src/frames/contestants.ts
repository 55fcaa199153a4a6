/**
 * The frames of the frames bench and what is done with each: sealed and opened by our SFrame (KEY3, FRM1), by bare
 * WebCrypto AES-256-GCM, and by our SFrame with the cipher taken out, which leaves the work that is ours alone.
 */
import { randomBytes } from 'node:crypto'
import type { ClearFrame, Receiver, SframeKey } from '@huisclos/crypto/sframe'
import {
  decodeKid,
  deriveKeys,
  encodeKid,
  KeyRing,
  MEETING_SUITE,
  openFrame,
  ReplayWindow,
  SendCounter,
  sealFrame,
} from '@huisclos/crypto/sframe'
import { syntheticOpus, syntheticVp8 } from '@huisclos/node-media/synthetic-source'

export interface FrameCase {
  name: string
  frame: ClearFrame
}

/** Audio is padded to its constant size as it is in a meeting (FRM4). */
export const frameCases: readonly FrameCase[] = [
  {
    name: '160 B audio',
    frame: { codec: 'opus', kind: 'audio', data: syntheticOpus(120, { sequence: 0, sentAt: 0 }), padTo: 160 },
  },
  ...[1_200, 8_000, 60_000].map((sizeBytes) => ({
    name: `${sizeBytes / 1000} KB video`,
    frame: {
      codec: 'vp8' as const,
      kind: 'video' as const,
      data: syntheticVp8(sizeBytes, { sequence: 0, sentAt: 0, key: false }),
    },
  })),
]

/** One operation on one frame; `index` counts from 0 within a batch, after `prepare` of that batch. */
export interface Contestant {
  name: 'seal' | 'open' | 'bare seal' | 'bare open' | 'seal, no cipher' | 'open, no cipher'
  prepare(count: number): Promise<void>
  once(index: number): Promise<unknown>
}

const TAG_BYTES = 16
/** Header and metadata of a delta frame: what bare AES-GCM authenticates too. */
const AAD_BYTES = 12
const KID = { leaf: 3, stream: 1, epoch: 7 }
const nothing = async (): Promise<void> => undefined

/** A key whose cipher answers at once with a buffer of the right size. */
function withoutCipher(key: SframeKey, plainBytes: number): SframeKey {
  const sealed = new Uint8Array(plainBytes + TAG_BYTES)
  const plain = new Uint8Array(plainBytes)
  return { ...key, aead: { seal: async () => sealed, open: async () => plain } }
}

class CipherlessRing extends KeyRing {
  readonly #receiver: Receiver
  constructor(receiver: Receiver) {
    super()
    this.#receiver = receiver
  }
  override async receiver(kid: bigint): Promise<Receiver | undefined> {
    return decodeKid(kid).ok ? this.#receiver : undefined
  }
}

function sealing(name: Contestant['name'], key: SframeKey, frame: ClearFrame): Contestant {
  const counter = new SendCounter()
  return {
    name,
    prepare: nothing,
    once: async () => {
      const sealed = await sealFrame(key, counter.take(), frame)
      if (!sealed.ok) throw new Error(`not sealed: ${sealed.code}`)
    },
  }
}

/** Seals a batch ahead, since no frame opens twice. */
function opening(name: Contestant['name'], ring: KeyRing, sealKey: SframeKey, frame: ClearFrame): Contestant {
  const counter = new SendCounter()
  const { codec, kind } = frame
  let sealed: Uint8Array[] = []
  return {
    name,
    prepare: async (count) => {
      sealed = []
      for (let i = 0; i < count; i++) {
        const one = await sealFrame(sealKey, counter.take(), frame)
        if (!one.ok) throw new Error(`not sealed: ${one.code}`)
        sealed.push(one.data)
      }
    },
    once: async (index) => {
      const data = sealed[index] as Uint8Array
      const opened = await openFrame(ring, { codec, kind, data, expected: KID, now: 0 })
      if (!opened.ok) throw new Error(`not opened: ${opened.code}`)
    },
  }
}

async function bare(sizeBytes: number): Promise<{ seal: Contestant; open: Contestant }> {
  const key = await crypto.subtle.importKey('raw', randomBytes(32), 'AES-GCM', false, ['encrypt', 'decrypt'])
  const parameters = {
    name: 'AES-GCM',
    iv: randomBytes(12),
    additionalData: randomBytes(AAD_BYTES),
    tagLength: 128,
  }
  const plain = new Uint8Array(sizeBytes)
  const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters, key, plain))
  return {
    seal: { name: 'bare seal', prepare: nothing, once: () => crypto.subtle.encrypt(parameters, key, plain) },
    open: { name: 'bare open', prepare: nothing, once: () => crypto.subtle.decrypt(parameters, key, sealed) },
  }
}

/** Everything that is compared on one frame. */
export async function contestantsOf({ frame }: FrameCase): Promise<Contestant[]> {
  const baseKey = randomBytes(32)
  const kid = encodeKid(KID)
  const sealKey = await deriveKeys(MEETING_SUITE, kid, baseKey, 'seal')
  const openKey = await deriveKeys(MEETING_SUITE, kid, baseKey, 'open')
  const ring = new KeyRing()
  ring.install({ epoch: KID.epoch, baseKey, removed: [], now: 0 })
  const sizeBytes = frame.padTo ?? frame.data.length
  const cipherless = new CipherlessRing({
    key: withoutCipher(openKey, sizeBytes - (frame.codec === 'vp8' ? 1 : 0)),
    window: new ReplayWindow(),
  })
  const beside = await bare(sizeBytes)
  return [
    beside.seal,
    sealing('seal', sealKey, frame),
    sealing('seal, no cipher', withoutCipher(sealKey, sizeBytes), frame),
    beside.open,
    opening('open', ring, sealKey, frame),
    opening('open, no cipher', cipherless, sealKey, frame),
  ]
}
