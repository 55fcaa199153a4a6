/**
 * A host's invitation to the telephone bridge (TEL2): makes the grant and the PIN, seals them to the bridge that the
 * room's descriptor names, and sends them by the server, which can open neither. Only who holds the room's host key can.
 */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import type { EpochView } from '@huisclos/crypto/mls'
import { sealBridgeGrant } from '@huisclos/crypto/seal'
import type { GroupId } from '@huisclos/protocol'
import type { AskServer } from '../media-adapter.ts'
import { MeetingError } from '../meeting-error.ts'
import type { OpenedRoom, Pass } from '../pass.ts'
import type { Clock, Ms } from '../ports.ts'
import { codeOf } from '../signalling-error.ts'

export interface InvitationDeps {
  clock: Clock
  random(sizeBytes: number): Uint8Array
  ask: AskServer
  pass: Pick<Pass, 'secretsOf'>
  /** Of the room's host key, where it is ours. */
  hostSeed: Uint8Array | null
}

const PIN_DIGITS = 9
/** No meeting lasts longer; a grant is not taken later. */
const GRANT_MS = 24 * 3_600_000

export class Invitation {
  readonly #deps: InvitationDeps
  #standing: { pin: string; since: Ms } | null = null

  constructor(deps: InvitationDeps) {
    this.#deps = deps
  }

  get standing(): { readonly pin: string; readonly since: Ms } | null {
    return this.#standing
  }

  get mayInvite(): boolean {
    return this.#deps.hostSeed !== null
  }

  /** The group is another one, or none. */
  forget(): void {
    this.#standing = null
  }

  /** Resolves when the bridge has taken it. Rejects with a `MeetingError`. */
  async send(room: OpenedRoom | null, group: GroupId | null, view: EpochView | null): Promise<void> {
    const { clock, ask, hostSeed } = this.#deps
    if (!room || !group || !view) throw new MeetingError('not-in-meeting')
    if (!hostSeed) throw new MeetingError('not-host')
    if (!room.bridge || !room.policy.bridges) throw new MeetingError('phones-off')
    const pin = newPin(this.#deps.random)
    const grant = encodeBase64url(await this.#grant(room, view, { pin, hostSeed }))
    const mailbox = encodeBase64url(room.bridge.mailbox)
    try {
      await ask({ t: 'bridge.invite', group, mailbox, grant })
    } catch (error) {
      const code = codeOf(error)
      throw new MeetingError(
        code === 'bridge-refused' || code === 'too-many' ? 'bridge-refused' : 'bridge-away',
      )
    }
    this.#standing = { pin, since: clock.now() }
  }

  #grant(
    { expect, bridge }: OpenedRoom,
    { groupId, context }: EpochView,
    { pin, hostSeed }: { pin: string; hostSeed: Uint8Array },
  ): Promise<Uint8Array> {
    const { clock, random, pass } = this.#deps
    const secrets = pass.secretsOf(groupId)
    if (!secrets || !bridge) throw new MeetingError('phones-off')
    return sealBridgeGrant(bridge, hostSeed, {
      ...secrets,
      room: context.room,
      group: new Uint8Array(groupId),
      id: new Uint8Array(random(16)),
      expiresAt: Math.round(clock.now()) + GRANT_MS,
      serverKey: new Uint8Array(context.serverKey),
      descriptorVersion: context.descriptorVersion,
      lobby: expect.lobby,
      recording: expect.recording,
      pin,
    })
  }
}

/** Each digit as likely as any other: bytes that would favour some are passed over. */
function newPin(random: (sizeBytes: number) => Uint8Array): string {
  let pin = ''
  while (pin.length < PIN_DIGITS) {
    for (const byte of random(PIN_DIGITS)) if (byte < 250 && pin.length < PIN_DIGITS) pin += byte % 10
  }
  return pin
}
