/**
 * What each event of the server's does to a meeting: most go to one part, and those that change the stay or the phase
 * to its owner (meeting-core.ts). The server's word is a hint here; what holds is judged by the part.
 */
import type { GroupId } from '@huisclos/protocol'
import type { Joining } from './entrance.ts'
import type { EventTargets } from './event-router.ts'
import type { MeetingParts } from './meeting-parts.ts'
import type { DoorAnswer } from './meeting-view.ts'

/** What events change that is no part's. */
export interface EventsOwner {
  stay(): Joining | null
  running(): boolean
  groupChanged(group: GroupId | null): void
  turnedAway(door: DoorAnswer): void
  changed(): void
  /** A failure of this work is a defect of ours. */
  guard(work: Promise<void>): void
}

export function serverEvents<Track>(parts: MeetingParts<Track>, owner: EventsOwner): EventTargets {
  const { peers, desk, hosts, entrance, media, unseating } = parts
  const session = () => owner.stay()?.session ?? entrance.session
  return {
    peers: (list) => {
      peers.replace(list)
      desk.present(peers.ids())
      owner.changed()
    },
    groupChanged: (group) => owner.groupChanged(group),
    knocked: (peer, keyPackage) => hosts.door.knocked(peer, keyPackage),
    turnedAway: (door) => owner.turnedAway(door),
    group: (event) => {
      session()?.handle(event)
    },
    welcome: ({ group, welcome }) => {
      if (!owner.stay()) owner.guard(entrance.welcome(group, welcome))
    },
    allReady: (epoch) => media.keys.allReady(epoch),
    gone: (leaf, epoch, signature) => session()?.inTurn(() => desk.gone(leaf, epoch, signature)),
    removed: () =>
      session()?.inTurn(() => {
        if (owner.running() && owner.stay()) unseating.unseated()
      }),
    consumer: (offer) => owner.guard(media.incoming.offered(offer)),
    consumerClosed: (consumer) => media.incoming.ended(consumer),
    consumerFlow: (consumer, flow) => media.incoming.flow(consumer, flow),
    mediaLost: () => media.reopen(),
    recordingState: (state) => parts.recording.server.told(state),
    recordingSealed: (sealed) => owner.guard(parts.recording.server.sealed(sealed)),
  }
}
