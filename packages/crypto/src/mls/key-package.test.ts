import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFields, encodeBase64url, encodeFields, random, uint } from '../bytes.ts'
import { rawKeyPackage, suite } from './attack-fixtures.ts'
import { engine, makeWorld } from './engine-fixtures.ts'
import {
  ADMISSION_EXTENSION,
  admissionCode,
  decodeAdmission,
  decodeKeyPackageMessage,
  decodeMessage,
  encodeAdmission,
  encodeKeyPackageMessage,
  eraseKeyPackage,
} from './key-package.ts'
import { MlsEngine } from './mls-engine.ts'
import type { MlsCode } from './mls-error.ts'
import type { KeyPackage } from './mls-library.ts'
import { signKeyPackage, signLeafNodeKeyPackage } from './mls-library.ts'
import { quickSuite } from './suite.ts'

const MINUTE = 60_000

async function makeHost(...waived: MlsCode[]) {
  const world = makeWorld()
  const host = engine(...waived)
  await host.create({ ...world, hostSeed: world.hostSeed })
  return { world, host }
}

/** The same key package with parts of it changed and signed again by its own key. */
async function resigned(
  own: Awaited<ReturnType<typeof rawKeyPackage>>,
  change: (kp: KeyPackage) => Partial<KeyPackage>,
) {
  const { publicPackage, privatePackage } = own
  const changed = { ...publicPackage, ...change(publicPackage) }
  const signKey = privatePackage.signaturePrivateKey
  const leafNode = await signLeafNodeKeyPackage(changed.leafNode, signKey, suite.signature)
  return encodeKeyPackageMessage(await signKeyPackage({ ...changed, leafNode }, signKey, suite.signature))
}

describe('[GRP4] what inspecting finds', () => {
  test('[GRP3] [GRP4] a fresh key package is admitted, under sixteen random bytes', async () => {
    const { world, host } = await makeHost()
    const own = await rawKeyPackage(world, { pseudonym: new Uint8Array(16).fill(7) })
    const found = await host.inspect(encodeKeyPackageMessage(own.publicPackage))
    const pseudonym = encodeBase64url(new Uint8Array(16).fill(7))
    expect(found).toEqual({ pseudonym, resumes: null, host: false })
    const [one, two] = [engine(), engine()]
    const seen = await Promise.all(
      [one, two].map(async (e) => host.inspect((await e.keyPackage(world)).keyPackage)),
    )
    expect(new Set(seen.map(({ pseudonym }) => pseudonym)).size).toBe(2)
  })

  test('[GRP4] a key package that the server put in its place is refused; without the code it would be let in', async () => {
    const { world, host } = await makeHost()
    const forged = encodeKeyPackageMessage(
      (await rawKeyPackage(world, { admission: random(32) })).publicPackage,
    )
    await expect(host.inspect(forged)).rejects.toMatchObject({ code: 'admission-invalid' })
    const lax = await makeHost('admission-invalid')
    expect(await lax.host.inspect(forged)).toMatchObject({ resumes: null })
  })

  test("[GRP4] a code taken from another's key package does not fit", async () => {
    const { world, host } = await makeHost()
    const [mine, theirs] = [await rawKeyPackage(world), await rawKeyPackage(world)]
    const stolen = await resigned(mine, () => ({ extensions: theirs.publicPackage.extensions }))
    await expect(host.inspect(stolen)).rejects.toMatchObject({ code: 'admission-invalid' })
    const initSwapped = await resigned(mine, () => ({ initKey: theirs.publicPackage.initKey }))
    await expect(host.inspect(initSwapped)).rejects.toMatchObject({ code: 'admission-invalid' })
    const untouched = await resigned(mine, () => ({}))
    expect(await host.inspect(untouched)).toMatchObject({ resumes: null })
  })

  test('[GRP4] a key package changed after signing is refused', async () => {
    const { world, host } = await makeHost()
    const { publicPackage } = await rawKeyPackage(world)
    const signature = publicPackage.signature.slice()
    signature[0] = (signature[0] ?? 0) ^ 1
    const bytes = encodeKeyPackageMessage({ ...publicPackage, signature })
    await expect(host.inspect(bytes)).rejects.toMatchObject({ code: 'key-package-invalid' })
  })

  test('[GRP4] it is good for ten minutes, by the clock of who inspects it', async () => {
    const world = makeWorld()
    let nowMs = Date.now()
    const host = new MlsEngine({ now: () => nowMs }, { suite: quickSuite })
    await host.create({ ...world, hostSeed: world.hostSeed })
    const { keyPackage } = await engine().keyPackage(world)
    nowMs += 9 * MINUTE
    expect(await host.inspect(keyPackage)).toMatchObject({ resumes: null })
    nowMs += 2 * MINUTE
    await expect(host.inspect(keyPackage)).rejects.toMatchObject({ code: 'lifetime-invalid' })
    nowMs -= 15 * MINUTE
    expect(await host.inspect(keyPackage)).toMatchObject({ resumes: null })
    nowMs -= 3 * MINUTE
    await expect(host.inspect(keyPackage)).rejects.toMatchObject({ code: 'lifetime-invalid' })
  })

  test('[GRP4] one that lives for ever is refused', async () => {
    const { world, host } = await makeHost()
    const own = await rawKeyPackage(world)
    const eternal = await resigned(own, ({ leafNode }) => ({
      leafNode: { ...leafNode, lifetime: { notBefore: 0n, notAfter: 2n ** 63n - 1n } },
    }))
    await expect(host.inspect(eternal)).rejects.toMatchObject({ code: 'lifetime-invalid' })
  })

  test('[GRP3] names, extensions and other capabilities are refused', async () => {
    const { world, host } = await makeHost()
    const own = await rawKeyPackage(world)
    const changes: ((kp: KeyPackage) => Partial<KeyPackage>)[] = [
      ({ leafNode }) => ({
        leafNode: {
          ...leafNode,
          credential: { credentialType: 'basic', identity: new TextEncoder().encode('Alice') },
        },
      }),
      ({ leafNode }) => ({
        leafNode: {
          ...leafNode,
          extensions: [{ extensionType: ADMISSION_EXTENSION, extensionData: random(3) }],
        },
      }),
      ({ leafNode }) => ({
        leafNode: { ...leafNode, capabilities: { ...leafNode.capabilities, credentials: ['basic', 'x509'] } },
      }),
    ]
    for (const change of changes) {
      const bytes = await resigned(own, change)
      await expect(host.inspect(bytes)).rejects.toMatchObject({ code: 'key-package-invalid' })
    }
    const extra = await resigned(own, ({ extensions }) => ({ extensions: [...extensions, ...extensions] }))
    await expect(host.inspect(extra)).rejects.toMatchObject({ code: 'admission-invalid' })
  })

  test('[GRP4] other bytes than one key package are malformed', async () => {
    const { world, host } = await makeHost()
    const { keyPackage } = await engine().keyPackage(world)
    const { body } = await host.seal(random(1))
    for (const bytes of [
      new Uint8Array(),
      random(200),
      body,
      new Uint8Array([...keyPackage, 0]),
      random(9000),
    ]) {
      await expect(host.inspect(bytes)).rejects.toMatchObject({ code: 'malformed' })
    }
  })
})

describe('[GRP4] [GRP10] the private extension', () => {
  test('[GRP4] the code depends on the secret and on both keys', () => {
    const [admission, init, leaf] = [random(32), random(32), random(32)]
    const code = admissionCode(admission, init, leaf)
    expect(code).toHaveLength(64)
    for (const other of [
      admissionCode(random(32), init, leaf),
      admissionCode(admission, random(32), leaf),
      admissionCode(admission, init, random(32)),
    ]) {
      expect(other).not.toEqual(code)
    }
  })

  test('[GRP4] [GRP10] it survives its encoding', () => {
    const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
    const resumption = fc.option(fc.record({ leaf: fc.nat({ max: 1023 }), signature: bytes(64) }))
    fc.assert(
      fc.property(bytes(64), resumption, (code, resumed) => {
        expect(decodeAdmission(encodeAdmission(code, resumed))).toEqual({
          code,
          resumption: resumed,
          vouch: null,
        })
      }),
    )
  })

  test('[GRP4] decoders take any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodeAdmission(bytes)
        decodeMessage(bytes)
      }),
      { numRuns: 2000 },
    )
    expect(decodeAdmission(encodeFields(random(64), uint(1, 4)))).toBeUndefined()
    expect(decodeAdmission(encodeFields(random(63)))).toBeUndefined()
    expect(decodeFields(encodeAdmission(random(64), null))).toHaveLength(1)
  })

  test('[GRP4] decoders take damaged key packages without a throw that is not ours', async () => {
    const { publicPackage } = await rawKeyPackage(makeWorld())
    const whole = encodeKeyPackageMessage(publicPackage)
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = whole.slice()
        bytes[at] = (bytes[at] ?? 0) ^ flip
        try {
          decodeKeyPackageMessage(bytes)
        } catch (error) {
          expect(error).toMatchObject({ name: 'MlsError', code: 'malformed' })
        }
      }),
    )
  })

  test('[GRP5] erasing a key package leaves no private key', async () => {
    const own = await rawKeyPackage(makeWorld())
    eraseKeyPackage(own)
    const { initPrivateKey, hpkePrivateKey, signaturePrivateKey } = own.privatePackage
    for (const secret of [initPrivateKey, hpkePrivateKey, signaturePrivateKey]) {
      expect(secret.every((byte) => byte === 0)).toBe(true)
    }
  })
})
