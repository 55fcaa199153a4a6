/**
 * Why the group engine refuses something. A code says which rule was broken, never what was in the message:
 * messages and secrets must not reach a log through an error. The same codes answer a refused commit [ORD3].
 */

/**
 * Calls that do not fit the engine's state, or arguments of our own making:
 * - `closed`: the engine was closed, or this member was removed
 * - `no-group`: the call needs a group, and there is none yet
 * - `already-in-group`: create or join while a group is held
 * - `no-key-package`: a Welcome came, but no key package was asked for
 * - `commit-pending`: a commit of ours waits for its echo
 * - `no-commit-pending`: confirm without a commit
 * - `nothing-to-roll-back`: the former state is not there, or no longer [ORD3]
 * - `bad-argument`: an argument outside its documented shape
 * - `engine-fault`: the engine or its worker failed; our bug
 *
 * Messages that cannot be read:
 * - `malformed`: bytes that are no MLS message of the kind asked for, or too many of them
 * - `wire-format`: a public message or another format than a PrivateMessage [GRP7]
 * - `replayed-commit`: a commit that was struck before [ORD3]
 *
 * Commits [GRP7] [GRP2]:
 * - `proposal-by-reference`, `proposal-type`, `proposal-message`: what no commit and no message may carry
 * - `authenticated-data`: the commit's authenticated data is not ours
 * - `path-missing`: a Remove, or nothing at all, without an update path
 * - `warrant-missing`, `warrant-invalid`: a Remove that nobody entitled asked for
 * - `remove-invalid`: the same leaf twice, the committer's own, or an empty one
 * - `not-host`: a change, an admission or a removal that only a host may make
 * - `lobby-required`: a host's removal that leaves the door open [GRP9]
 * - `locked`: an Add while the meeting is locked
 * - `psk-missing`, `psk-invalid`: an Add without exactly that group's PSK, or a PSK for nothing [GRP4]
 * - `context-invalid`, `context-changed`: a GroupContext that does not decode, hold together or stay as it was
 * - `host-forged`: a host entry that no host signed
 * - `recording-forbidden`: an order to record where the room's descriptor allows none [REC1]
 * - `recording-order`: an order that does not read, replaces another, or comes in one commit with an Add [REC1]
 * - `commit-invalid`: the MLS library's own rules
 *
 * Key packages [GRP4] [GRP10]:
 * - `key-package-invalid`: suite, credential, capabilities or extensions are not ours
 * - `admission-invalid`: no admission code, or not this group's
 * - `lifetime-invalid`: expired, not yet valid, or longer than ten minutes
 * - `pseudonym-used`: the key package or its pseudonym was in this group before
 * - `resume-invalid`: the former leaf did not sign for this key package
 *
 * Trees after a commit [GRP7] [KEY2]:
 * - `committer-changed`, `tree-changed`, `duplicate-member`, `leaf-out-of-range`
 *
 * Welcomes [GRP5]:
 * - `welcome-not-ours`: not for the key package at hand; the only one that leaves the key package usable
 * - `welcome-invalid`, `welcome-psk`, `welcome-group`, `welcome-context`, `welcome-signer`
 */
export type MlsCode = (typeof MLS_CODES)[number]

export const MLS_CODES = [
  'closed',
  'no-group',
  'already-in-group',
  'no-key-package',
  'commit-pending',
  'no-commit-pending',
  'nothing-to-roll-back',
  'bad-argument',
  'engine-fault',
  'malformed',
  'wire-format',
  'replayed-commit',
  'proposal-by-reference',
  'proposal-type',
  'proposal-message',
  'authenticated-data',
  'path-missing',
  'warrant-missing',
  'warrant-invalid',
  'remove-invalid',
  'not-host',
  'lobby-required',
  'locked',
  'psk-missing',
  'psk-invalid',
  'context-invalid',
  'context-changed',
  'host-forged',
  'recording-forbidden',
  'recording-order',
  'commit-invalid',
  'key-package-invalid',
  'admission-invalid',
  'lifetime-invalid',
  'pseudonym-used',
  'resume-invalid',
  'committer-changed',
  'tree-changed',
  'duplicate-member',
  'leaf-out-of-range',
  'welcome-not-ours',
  'welcome-invalid',
  'welcome-psk',
  'welcome-group',
  'welcome-context',
  'welcome-signer',
] as const

export class MlsError extends Error {
  override readonly name = 'MlsError'
  readonly code: MlsCode

  constructor(code: MlsCode) {
    super(code)
    this.code = code
  }
}
