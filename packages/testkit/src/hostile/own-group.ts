/**
 * A group of the server's own making (GRP5): it tells one newcomer that this is the meeting, lets it in, answers its
 * challenge and listens. It has no link, so its PSK and admission secret are made up.
 */
import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import type { GroupEngine, MeetingContext } from '@huisclos/crypto/mls'
import type { Entered, Request } from '@huisclos/protocol'
import { GroupId } from '@huisclos/protocol'
import type { AttackWorld } from './attack-world.ts'
import { KNOWN_PSK } from './watched-engine.ts'

const bytesOf = (text: string): Uint8Array => decodeBase64url(text) ?? new Uint8Array()

export class OwnGroup {
  /** What the victim said inside, decrypted. */
  readonly heard: string[] = []
  readonly #world: AttackWorld
  readonly #victim: string
  readonly #engine: GroupEngine
  readonly #groupId = crypto.getRandomValues(new Uint8Array(16))
  readonly #id = GroupId.parse(encodeBase64url(this.#groupId))
  #made = false
  #work: Promise<void> = Promise.resolve()

  /** From now on, or as many `times` as it enters, `victim` is told of this group and of nothing else. */
  constructor(world: AttackWorld, victim: string, { times = Number.POSITIVE_INFINITY } = {}) {
    this.#world = world
    this.#victim = victim
    this.#engine = world.engine({ waived: ['admission-invalid'] })
    let entries = 0
    const lying = (to: string): boolean => to === victim && entries <= times
    world.server.onEntered((to, entered) => {
      if (to === victim) entries++
      if (!lying(to)) return {}
      // Who discards a Welcome of ours comes back to the same group.
      if (!this.#made) this.#then(() => this.#create(entered))
      this.#made = true
      return { group: { id: this.#id, epoch: 0 } }
    })
    world.server.onEvent((to) => (lying(to) ? [] : undefined))
    world.server.onRequest((from, request) => (lying(from) ? this.#asked(request) : undefined))
  }

  async #create({ serverKey }: Entered): Promise<void> {
    const { room, hostHash } = this.#world.link
    const policy = {
      lobby: false,
      lock: false,
      audioLevel: false,
      bridges: false,
      recording: false,
      recordingKey: null,
      recordingPaused: false,
    }
    const context: MeetingContext = {
      room,
      hostHash,
      policy,
      descriptorVersion: 0,
      serverKey: bytesOf(serverKey),
      hosts: [],
    }
    await this.#engine.create({ groupId: this.#groupId, context, psk: KNOWN_PSK, admission: KNOWN_PSK })
  }

  #asked(request: Request): { result: object } | undefined {
    if (!request.t.startsWith('group.')) return undefined
    if (request.t === 'group.knock') this.#then(() => this.#letIn(bytesOf(request.keyPackage)))
    if (request.t === 'group.app') this.#then(() => this.#hear(bytesOf(request.body)))
    return { result: {} }
  }

  async #letIn(keyPackage: Uint8Array): Promise<void> {
    const { welcome } = await this.#engine.commit({ adds: [keyPackage], removes: [] })
    const { epoch } = await this.#engine.confirm()
    if (!welcome) throw new Error('no Welcome')
    const event = { t: 'group.welcome', group: this.#id, epoch, welcome: encodeBase64url(welcome) } as const
    this.#world.server.tell(this.#victim, event)
  }

  async #hear(body: Uint8Array): Promise<void> {
    const said = await this.#engine.process(body)
    if (said.kind !== 'application') return
    const text = new TextDecoder().decode(said.data)
    this.heard.push(text)
    const { m } = JSON.parse(text) as { m: { k: string; nonce?: string } }
    if (m.k === 'challenge') await this.#say({ n: this.heard.length, m: { k: 'answer', nonce: m.nonce } })
  }

  async #say(message: object): Promise<void> {
    const { body, epoch } = await this.#engine.seal(new TextEncoder().encode(JSON.stringify(message)))
    const from = this.#world.server.peerOf(this.#victim)
    const event = { t: 'group.said', group: this.#id, epoch, from, body: encodeBase64url(body) } as const
    this.#world.server.tell(this.#victim, event)
  }

  #then(work: () => Promise<void>): void {
    this.#work = this.#work.then(work)
    this.#work.catch((error: unknown) => this.heard.push(`failed: ${String(error)}`))
  }
}
