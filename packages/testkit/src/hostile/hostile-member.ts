/**
 * A member that was let in like anyone and follows no rule: a bare MLS state behind a bare socket. It has the link and
 * keeps everything it hears.
 */
import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import { deriveGroupSecrets, deriveLinkSecrets } from '@huisclos/crypto/link'
import { RogueMember } from '@huisclos/crypto/mls/testing'
import type { GroupId, ServerEvent } from '@huisclos/protocol'
import { RoomId } from '@huisclos/protocol'
import type { AttackWorld } from './attack-world.ts'
import type { BareAnswer } from './bare-client.ts'
import { BareClient } from './bare-client.ts'

const bytesOf = (text: string): Uint8Array => decodeBase64url(text) ?? new Uint8Array()

export class HostileMember {
  readonly client: BareClient
  readonly group: GroupId
  readonly #world: AttackWorld
  readonly #rogue: RogueMember
  /** What it made of each message, oldest first. */
  readonly heard: { kind: string; text?: string }[] = []
  #work: Promise<void> = Promise.resolve()
  #said = 0

  private constructor(a: { world: AttackWorld; client: BareClient; group: GroupId; rogue: RogueMember }) {
    this.#world = a.world
    this.client = a.client
    this.group = a.group
    this.#rogue = a.rogue
    a.client.heard = (event) => this.#follow(event)
  }

  /** Enters the meeting that goes on in this world, by its link. */
  static async enter(world: AttackWorld): Promise<HostileMember> {
    const { link, clock } = world
    const secrets = deriveLinkSecrets(link.secret, link.room)
    const client = await world.done(BareClient.open(world.connect()))
    const entering = client.enter(RoomId.parse(link.room), encodeBase64url(secrets.access))
    const { group, serverKey, descriptor } = await world.done(entering)
    if (!group) throw new Error('there is no meeting')
    const groupId = bytesOf(group.id)
    const { room, hostHash } = link
    const expect = {
      room,
      hostHash,
      serverKey: bytesOf(serverKey),
      descriptorVersion: descriptor === null ? 0 : 1,
      lobby: false,
      // What its descriptor says of recordings is all the same to it.
      recording: true,
    }
    const known = { groupId, expect, ...deriveGroupSecrets(secrets.root, groupId) }
    const { keyPackage, join } = await RogueMember.knock(known)
    await world.done(
      client.ask({ t: 'group.knock', group: group.id, keyPackage: encodeBase64url(keyPackage) }),
    )
    await clock.until(() => client.of('group.welcome').length > 0, 'the rogue is welcomed')
    const rogue = await join(bytesOf(client.of('group.welcome')[0]?.welcome ?? ''))
    return new HostileMember({ world, client, group: group.id, rogue })
  }

  /** The bare state, once everything that came has been followed. */
  async rogue(): Promise<RogueMember> {
    await this.#work
    return this.#rogue
  }

  /** Posts a commit for the present epoch; the server, which cannot read it, lets it win. */
  async post(commit: Uint8Array, a: { leaves?: number[]; epoch?: number } = {}): Promise<BareAnswer> {
    const epoch = a.epoch ?? (await this.rogue()).epoch
    const body = { t: 'group.commit' as const, group: this.group, epoch, commit: encodeBase64url(commit) }
    return this.#world.done(this.client.ask({ ...body, joins: [], leaves: a.leaves ?? [] }))
  }

  /** Says anything to the group, as a message that is authentic. */
  async say(message: object): Promise<BareAnswer> {
    const rogue = await this.rogue()
    const body = await rogue.seal(new TextEncoder().encode(JSON.stringify({ n: ++this.#said, m: message })))
    return this.sayBytes(body)
  }

  async sayBytes(body: Uint8Array): Promise<BareAnswer> {
    const { epoch } = await this.rogue()
    const ask = { t: 'group.app' as const, group: this.group, epoch, body: encodeBase64url(body) }
    return this.#world.done(this.client.ask(ask))
  }

  /** Takes what the server hands it, as a member that nobody has removed. */
  take(event: Pick<ServerEvent, 't'>): void {
    this.#follow(event as ServerEvent)
  }

  #follow(event: ServerEvent): void {
    const message =
      event.t === 'group.committed' ? event.commit : event.t === 'group.said' ? event.body : null
    if (message === null) return
    this.#work = this.#world.clock.track(
      this.#work.then(async () => {
        this.heard.push(await this.#rogue.hear(bytesOf(message)))
      }),
    )
  }
}
