import { ed25519 } from '@noble/curves/ed25519.js'
import { expect, test } from 'vitest'
import { random } from '../bytes.ts'
import { hostHash } from '../link/host-key.ts'
import { signedBytes } from '../mls/signed-bytes.ts'
import { contentOf, roomHost, seedOf } from './fixtures.ts'
import { hostChain, isSealedByHost } from './host-chain.ts'

const content = contentOf()
const hash = hostHash(roomHost.publicKey)
const leafKey = (leaf: number) => ed25519.getPublicKey(seedOf(leaf))
const entry = (leaf: number, by: number, group = content.group) => ({
  key: leafKey(leaf),
  signerKey: leafKey(by),
  signature: ed25519.sign(signedBytes('host', group, leafKey(leaf)), seedOf(by)),
})
const [first] = content.hosts as [(typeof content.hosts)[0]]

test('[REC2] control: a host of the room sealed it', () => {
  expect(isSealedByHost(content, hash)).toBe(true)
  const made = { ...content, sealer: 1, hosts: [first, entry(1, 0)] }
  expect(isSealedByHost(made, hash)).toBe(true)
})

test('[REC2] attack: a sealer whom no host of this room made a host', () => {
  expect(isSealedByHost(content, random(16))).toBe(false)
  expect(isSealedByHost({ ...content, hosts: [] }, hash)).toBe(false)
  expect(isSealedByHost({ ...content, sealer: 1 }, hash)).toBe(false)
  expect(isSealedByHost({ ...content, group: random(16) }, hash)).toBe(false)
  expect(isSealedByHost({ ...content, sealer: 1, hosts: [entry(1, 0)] }, hash)).toBe(false)
  expect(isSealedByHost({ ...content, sealer: 2, hosts: [first, entry(2, 1)] }, hash)).toBe(false)
  expect(isSealedByHost({ ...content, sealer: 1, hosts: [first, entry(1, 0, random(16))] }, hash)).toBe(false)
})

test('[REC2] the chain runs from the room’s key to the sealer', () => {
  const entries = [first, entry(2, 0), entry(1, 2)]
  expect(hostChain(entries, leafKey(1))).toEqual([first, entry(2, 0), entry(1, 2)])
  expect(hostChain(entries, leafKey(0))).toEqual([first])
  expect(hostChain(entries, leafKey(3))).toEqual([])
  expect(hostChain([entry(1, 2), entry(2, 1)], leafKey(1))).toHaveLength(2)
})
