/** Makes a test's clock wait for WebCrypto, whoever calls it, so that a loaded machine does not change a run. */
import type { FakeClock } from './fake-clock.ts'

const METHODS = [
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'digest',
  'deriveBits',
  'importKey',
  'exportKey',
] as const

type Cipher = (...args: unknown[]) => Promise<unknown>

/** The result gives WebCrypto back. One clock at a time: the next takes the place of the one before. */
export function trackCiphers(clock: FakeClock): () => void {
  const { subtle } = crypto
  for (const name of METHODS) {
    const cipher = (SubtleCrypto.prototype[name] as unknown as Cipher).bind(subtle)
    const value: Cipher = (...args) => clock.track(cipher(...args))
    Object.defineProperty(subtle, name, { value, configurable: true })
  }
  return () => {
    for (const name of METHODS) Reflect.deleteProperty(subtle, name)
  }
}
