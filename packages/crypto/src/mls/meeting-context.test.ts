import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { random } from '../bytes.ts'
import { suite } from './attack-fixtures.ts'
import { makeWorld } from './engine-fixtures.ts'
import type { HostEntry, MeetingContext } from './group-engine.ts'
import {
  decodeMeetingContext,
  encodeMeetingContext,
  hashHostKey,
  hostsHold,
  isHost,
  isRootHost,
  pruneHosts,
  signHost,
} from './meeting-context.ts'

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const contexts: fc.Arbitrary<MeetingContext> = fc.record({
  room: fc.string({
    unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'),
    minLength: 16,
    maxLength: 16,
  }),
  hostHash: bytes(16),
  descriptorVersion: fc.maxSafeNat(),
  serverKey: bytes(32),
  policy: fc.record({
    lobby: fc.boolean(),
    lock: fc.boolean(),
    audioLevel: fc.boolean(),
    bridges: fc.boolean(),
    recording: fc.boolean(),
    recordingPaused: fc.boolean(),
    recordingKey: fc.option(fc.uint8Array({ minLength: 1, maxLength: 1216 })),
  }),
  hosts: fc.array(fc.record({ key: bytes(32), signerKey: bytes(32), signature: bytes(64) }), {
    maxLength: 5,
  }),
})

describe('[GRP2] the context on the wire', () => {
  test('[GRP2] it survives its encoding', () => {
    fc.assert(
      fc.property(contexts, (context) => {
        expect(decodeMeetingContext(encodeMeetingContext(context))).toEqual(context)
      }),
    )
  })

  test('[GRP2] the decoder takes any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (any) => {
        decodeMeetingContext(any)
      }),
      { numRuns: 2000 },
    )
  })

  test('[GRP2] damaged contexts do not decode, or decode to what encodes to the same bytes', () => {
    fc.assert(
      fc.property(contexts, fc.nat(), fc.integer({ min: 1, max: 255 }), (context, where, flip) => {
        const encoded = encodeMeetingContext(context)
        const at = where % encoded.length
        encoded[at] = (encoded[at] ?? 0) ^ flip
        const decoded = decodeMeetingContext(encoded)
        if (decoded !== undefined) expect(encodeMeetingContext(decoded)).toEqual(encoded)
      }),
    )
  })

  test('[GRP2] rooms, keys and versions out of shape do not decode', () => {
    const { context } = makeWorld()
    const odd: Partial<MeetingContext>[] = [
      { room: 'ABCDEFGHIJKLMNOP' },
      { room: 'short' },
      { hostHash: random(15) },
      { serverKey: random(33) },
      {
        hosts: Array.from({ length: 129 }, () => ({
          key: random(32),
          signerKey: random(32),
          signature: random(64),
        })),
      },
      { policy: { ...context.policy, recordingKey: random(2049) } },
    ]
    expect(decodeMeetingContext(encodeMeetingContext(context))).toEqual(context)
    for (const change of odd) {
      expect(decodeMeetingContext(encodeMeetingContext({ ...context, ...change }))).toBeUndefined()
    }
  })
})

describe('[GRP2] the chain of hosts', () => {
  const keygen = () => suite.signature.keygen()

  async function makeChain() {
    const groupId = random(16)
    const [root, first, second] = [await keygen(), await keygen(), await keygen()]
    const entry = (key: Uint8Array, signer: typeof root, group = groupId) =>
      signHost(key, group, signer, suite.signature)
    const context = (hosts: HostEntry[]): MeetingContext => ({
      ...makeWorld().context,
      hostHash: hashHostKey(root.publicKey),
      hosts,
    })
    const holds = (...hosts: HostEntry[]) => hostsHold(context(hosts), groupId, suite.signature)
    return { root, first, second, entry, context, holds }
  }

  test('[GRP2] the room’s host key makes hosts, and they make others', async () => {
    const { root, first, second, entry, holds, context } = await makeChain()
    const hosts = [await entry(first.publicKey, root), await entry(second.publicKey, first)]
    expect(await holds(...hosts)).toBe(true)
    expect(isHost(context(hosts), second.publicKey)).toBe(true)
    expect(isHost(context(hosts), root.publicKey)).toBe(false)
    expect(isRootHost(context(hosts), first.publicKey)).toBe(true)
    expect(isRootHost(context(hosts), second.publicKey)).toBe(false)
  })

  test('[GRP2] an entry before the one that vouches for it does not hold', async () => {
    const { root, first, second, entry, holds } = await makeChain()
    expect(await holds(await entry(second.publicKey, first), await entry(first.publicKey, root))).toBe(false)
  })

  test('[GRP2] hosts cannot vouch for one another in a circle', async () => {
    const { first, second, entry, holds } = await makeChain()
    expect(await holds(await entry(first.publicKey, second), await entry(second.publicKey, first))).toBe(
      false,
    )
    expect(await holds(await entry(first.publicKey, first))).toBe(false)
  })

  test('[GRP2] an entry of another group, a stranger’s or a damaged one does not hold', async () => {
    const { root, first, second, entry, holds } = await makeChain()
    expect(await holds(await entry(first.publicKey, root, random(16)))).toBe(false)
    expect(await holds(await entry(first.publicKey, second))).toBe(false)
    const good = await entry(first.publicKey, root)
    expect(await holds({ ...good, key: second.publicKey })).toBe(false)
    expect(await holds({ ...good, signature: random(64) })).toBe(false)
    expect(await holds(good, good)).toBe(false)
    expect(await holds(good)).toBe(true)
  })

  test('[LINK1] where nobody hosts, no key makes hosts', async () => {
    const { root, first, entry, context } = await makeChain()
    const hosts = [await entry(first.publicKey, root)]
    const nobody = { ...context(hosts), hostHash: new Uint8Array(16) }
    expect(await hostsHold(nobody, random(16), suite.signature)).toBe(false)
  })

  test('[GRP2] entries of those who left go, unless somebody here depends on them', async () => {
    const { root, first, second, entry } = await makeChain()
    const hosts = [await entry(first.publicKey, root), await entry(second.publicKey, first)]
    expect(pruneHosts(hosts, (key) => key === second.publicKey)).toEqual(hosts)
    expect(pruneHosts(hosts, (key) => key === first.publicKey)).toEqual([hosts[0]])
    expect(pruneHosts(hosts, () => false)).toEqual([])
  })
})
