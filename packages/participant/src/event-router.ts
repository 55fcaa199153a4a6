/** Which part of a meeting each event of the server's goes to. */
import { decodeBase64url } from '@huisclos/crypto/bytes'
import type { ConsumerId, EventOf, GroupId, PeerId, ServerEvent } from '@huisclos/protocol'
import type { DoorAnswer } from './meeting-view.ts'

export interface EventTargets {
  peers(list: EventOf<'room.peers'>['peers']): void
  groupChanged(group: GroupId | null): void
  knocked(peer: PeerId, keyPackage: Uint8Array): void
  group(event: EventOf<'group.committed' | 'group.said' | 'group.struck'>): void
  welcome(event: EventOf<'group.welcome'>): void
  allReady(epoch: number): void
  gone(leaf: number, epoch: number, signature: Uint8Array): void
  removed(): void
  turnedAway(why: DoorAnswer): void
  consumer(offer: EventOf<'media.consumer'>): void
  consumerClosed(consumer: ConsumerId): void
  consumerFlow(consumer: ConsumerId, flow: EventOf<'media.consumer-flow'>['flow']): void
  mediaLost(): void
  recordingState(state: EventOf<'recording.state'>): void
  recordingSealed(sealed: EventOf<'recording.sealed'>): void
}

/** One entry an event; a paused consumer needs none, since its member's profile says so, nor does a
 * recording, which the group's context orders. */
export function routeEvent(event: ServerEvent, to: EventTargets): void {
  switch (event.t) {
    case 'room.peers':
      to.peers(event.peers)
      break
    case 'group.changed':
      to.groupChanged(event.group?.id ?? null)
      break
    case 'group.knocked':
      to.knocked(event.peer, bytesOf(event.keyPackage))
      break
    case 'group.committed':
    case 'group.said':
    case 'group.struck':
      to.group(event)
      break
    case 'group.welcome':
      to.welcome(event)
      break
    case 'group.all-ready':
      to.allReady(event.epoch)
      break
    case 'group.gone':
      to.gone(event.leaf, event.epoch, bytesOf(event.signature))
      break
    case 'group.removed':
      to.removed()
      break
    case 'group.turned-away':
      to.turnedAway(event.why)
      break
    case 'media.consumer':
      to.consumer(event)
      break
    case 'media.consumer-closed':
      to.consumerClosed(event.consumer)
      break
    case 'media.consumer-flow':
      to.consumerFlow(event.consumer, event.flow)
      break
    case 'media.lost':
      to.mediaLost()
      break
    case 'recording.state':
      to.recordingState(event)
      break
    case 'recording.sealed':
      to.recordingSealed(event)
      break
    case 'media.consumer-paused':
      break
  }
}

const bytesOf = (text: string): Uint8Array => decodeBase64url(text) ?? new Uint8Array()
