/**
 * What lets a participant in: the link that a person has, or the grant by which a telephone bridge was invited to one
 * meeting (TEL2). Opens the room's descriptor where it may, and gives the secrets of a group that it is good for.
 */
import { decodeBase64url, equal } from '@huisclos/crypto/bytes'
import type { BridgeCard, GroupSecrets, LinkSecrets, MeetingLink } from '@huisclos/crypto/link'
import {
  deriveGroupSecrets,
  deriveLinkSecrets,
  hasHost,
  hostHash,
  openDescriptor,
} from '@huisclos/crypto/link'
import type { Expectation, MeetingPolicy } from '@huisclos/crypto/mls'
import type { BridgeGrant } from '@huisclos/crypto/seal'
import type { Entered } from '@huisclos/protocol'
import type { BridgeOptions, MeetingOptions } from './meeting-controls.ts'
import type { EndReason } from './meeting-view.ts'

/** The room as this pass knows it: what a joiner must find (GRP5), and what a creator writes (GRP1). */
export interface OpenedRoom {
  title: string | null
  expect: Expectation
  policy: MeetingPolicy
  /** TEL2: the telephone bridge that the room's descriptor names. */
  bridge: BridgeCard | null
}

export interface Pass {
  readonly room: string
  /** False: nobody vouches for who is here (LINK1). */
  readonly hosted: boolean
  /** What the server is shown. */
  readonly access: Uint8Array
  /** Whether it may make a group where none is. */
  readonly creates: boolean
  open(entered: Pick<Entered, 'serverKey' | 'descriptor'>): Promise<OpenedRoom | EndReason>
  /** Null: not a group that this pass is good for. */
  secretsOf(groupId: Uint8Array): GroupSecrets | null
}

const UNRULED = { lock: false, recordingKey: null, recordingPaused: false }

class LinkPass implements Pass {
  readonly creates = true
  readonly #link: MeetingLink
  readonly #secrets: LinkSecrets
  /** LINK3: the highest version seen before and since. */
  #versionSeen: number

  /** Throws a `LinkError` for a link that `decodeLink` did not give. */
  constructor(link: MeetingLink, versionSeen: number) {
    this.#link = link
    this.#secrets = deriveLinkSecrets(link.secret, link.room)
    this.#versionSeen = versionSeen
  }

  get room(): string {
    return this.#link.room
  }
  get hosted(): boolean {
    return hasHost(this.#link)
  }
  get access(): Uint8Array {
    return this.#secrets.access
  }

  secretsOf(groupId: Uint8Array): GroupSecrets {
    return deriveGroupSecrets(this.#secrets.root, groupId)
  }

  async open({ serverKey, descriptor }: Pick<Entered, 'serverKey' | 'descriptor'>) {
    const key = decodeBase64url(serverKey)
    const sealed = descriptor === null ? null : decodeBase64url(descriptor)
    if (!key || sealed === undefined) return 'server-lied'
    return sealed === null ? this.#openBare(key) : this.#openSealed(key, sealed)
  }

  #openBare(serverKey: Uint8Array): OpenedRoom | EndReason {
    if (hasHost(this.#link)) return 'descriptor-damaged'
    const allowed = { lobby: false, audioLevel: false, bridges: false, recording: false }
    return {
      title: null,
      expect: { ...this.#expect(serverKey), descriptorVersion: 0, lobby: false, recording: false },
      policy: { ...allowed, ...UNRULED },
      bridge: null,
    }
  }

  async #openSealed(serverKey: Uint8Array, sealed: Uint8Array): Promise<OpenedRoom | EndReason> {
    const { room, hostHash } = this.#link
    const key = this.#secrets.descriptor
    const opened = await openDescriptor({ sealed, key, room, hostHash, seenVersion: this.#versionSeen })
    if (!opened.ok) return opened.code
    const { title, version, policy, bridge = null } = opened.descriptor
    this.#versionSeen = version
    const { lobby, recording } = policy
    return {
      title,
      expect: { ...this.#expect(serverKey), descriptorVersion: version, lobby, recording },
      policy: { ...policy, ...UNRULED },
      bridge,
    }
  }

  #expect(serverKey: Uint8Array) {
    const { room, hostHash } = this.#link
    return { room, hostHash, serverKey }
  }
}

/** TEL2. Holds nothing of the link: it opens one group, and no descriptor. */
class GrantPass implements Pass {
  readonly creates = false
  readonly hosted = true
  readonly access: Uint8Array
  readonly #grant: BridgeGrant

  /** `ticket`: from the server, for this meeting. */
  constructor(grant: BridgeGrant, ticket: Uint8Array) {
    this.#grant = grant
    this.access = ticket
  }

  get room(): string {
    return this.#grant.room
  }

  secretsOf(groupId: Uint8Array): GroupSecrets | null {
    const { group, psk, admission } = this.#grant
    return equal(groupId, group) ? { psk, admission } : null
  }

  async open({ serverKey }: Pick<Entered, 'serverKey'>): Promise<OpenedRoom | EndReason> {
    const grant = this.#grant
    const key = decodeBase64url(serverKey)
    // The host's word on whose warrants count, not the server's.
    if (!key || !equal(key, grant.serverKey)) return 'server-lied'
    const { room, descriptorVersion, lobby, recording } = grant
    const expect = {
      room,
      hostHash: hostHash(grant.hostKey),
      serverKey: key,
      descriptorVersion,
      lobby,
      recording,
    }
    return {
      title: null,
      expect,
      policy: { lobby, audioLevel: false, bridges: true, recording, ...UNRULED },
      bridge: null,
    }
  }
}

/** Throws a `LinkError` for a link that `decodeLink` did not give. */
export function passOf(options: MeetingOptions | BridgeOptions): Pass {
  if ('grant' in options) return new GrantPass(options.grant, options.ticket)
  return new LinkPass(options.link, options.descriptorVersionSeen ?? 0)
}
