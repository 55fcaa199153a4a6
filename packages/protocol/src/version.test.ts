/** Version negotiation (SIG2). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { negotiateVersion, PROTOCOL_VERSIONS } from './version.ts'

test('[SIG2] the highest common version is used', () => {
  expect(negotiateVersion([1, 2, 3], [2, 3, 4])).toBe(3)
  expect(negotiateVersion([9], PROTOCOL_VERSIONS)).toBeNull()
})

test('[SIG2] both sides come to the same answer', () => {
  const list = fc.array(fc.nat(6), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(list, list, (a, b) => {
      expect(negotiateVersion(a, b)).toBe(negotiateVersion(b, a))
    }),
  )
})
