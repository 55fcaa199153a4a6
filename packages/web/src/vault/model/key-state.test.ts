import { expect, test } from 'vitest'
import type { KeyPart } from '../opening-port.ts'
import { keyStateOf } from './key-state.ts'

let id = 0
const part = (read: KeyPart['read']): KeyPart => ({ id: id++, name: 'x', read })
const share = (number: number, fingerprint = 'aa') =>
  part({ kind: 'share', fingerprint, needed: 3, of: 5, number })
const file = part({ kind: 'file', owner: 'The board', fingerprint: 'aa' })
const damaged = part({ code: 'share-damaged', about: '2' })

test.each<[string, KeyPart[], object]>([
  ['nothing', [], { at: 'none' }],
  ['what is being read', [file, part(null)], { at: 'reading' }],
  ['a key file wants its passphrase', [file], { at: 'passphrase', owner: 'The board' }],
  ['a damaged share beside it changes nothing', [file, damaged], { at: 'passphrase', owner: 'The board' }],
  ['a whole key on paper', [part({ kind: 'key', fingerprint: 'aa' })], { at: 'ready' }],
  ['one share of three', [share(1)], { at: 'missing', shares: 2, needed: 3 }],
  ['the same share twice counts once', [share(1), share(1)], { at: 'missing', shares: 2, needed: 3 }],
  ['three different ones', [share(1), share(4), share(5)], { at: 'ready' }],
  ['shares of two keys', [share(1), share(2, 'bb')], { at: 'mixed' }],
  ['a key file among shares', [share(1), file], { at: 'mixed' }],
  ['two key files', [file, file], { at: 'mixed' }],
])('[OPEN3] %s', (_title, parts, state) => {
  expect(keyStateOf(parts)).toEqual(state)
})
