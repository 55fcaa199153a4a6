/** The server's list of connections: claims that order who does something first, and never who is in (ROS1). */
import type { EventOf, PeerId } from '@huisclos/protocol'

type Listed = EventOf<'room.peers'>['peers'][number]

export class Peers {
  #list: readonly Listed[] = []

  replace(list: readonly (Omit<Listed, 'connected'> & { connected?: boolean })[]): void {
    this.#list = list.map((peer) => ({ connected: true, ...peer }))
  }

  ids(): Set<PeerId> {
    return new Set(this.#list.map(({ peer }) => peer))
  }

  leafOf(id: string): number | null {
    return this.#list.find(({ peer }) => peer === id)?.leaf ?? null
  }

  /** Leaves that the server calls connected. */
  connected(): Set<number> {
    return new Set(this.#list.flatMap(({ leaf, connected }) => (connected && leaf !== null ? [leaf] : [])))
  }
}
