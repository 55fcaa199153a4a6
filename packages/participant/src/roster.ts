/**
 * ROS1: who is shown. The list is the MLS tree; profiles give names, the server only says who seems to be connected.
 * Pure; also finds what deserves an alarm: members without a profile.
 */
import type { EpochView, MemberView } from '@huisclos/crypto/mls'
import type { ReceivedStream } from './incoming-tracks.ts'
import type { Source } from './media-adapter.ts'
import { isVoice, SOURCES } from './media-adapter.ts'
import type { PersonView, StreamView } from './meeting-view.ts'
import type { AnnouncedStream, Profile } from './messages/profile.ts'
import { tellApart } from './messages/profile.ts'
import type { BridgeView } from './phones/phone-view.ts'

export interface RosterInput<Track> {
  view: EpochView
  profileOf(pseudonym: string): Profile | null
  own: { name: string; hand: boolean; wanted: ReadonlyMap<Source, { track: Track; muted: boolean }> }
  received: readonly ReceivedStream<Track>[]
  connected: ReadonlySet<number>
  silent(pseudonym: string): boolean
  /** HOST3, HOST4: whether this may be seen or heard. */
  allows(member: MemberView, source: Source, stream?: number): boolean
  /** TEL3: set where this member is the room's telephone bridge. */
  bridgeOf(member: MemberView): BridgeView | null
  /** Said yes to the recording on the server. */
  recorded(member: MemberView): boolean
}

/** Names of all members by pseudonym, told apart in tree order (WEB1). */
export function rosterNames<Track>(input: RosterInput<Track>): Map<string, string> {
  const { members, self } = input.view
  const bare = members.map((m) =>
    m.leaf === self ? input.own.name : (input.profileOf(m.pseudonym)?.name ?? ''),
  )
  const told = tellApart(bare)
  return new Map(members.map((m, i) => [m.pseudonym, told[i] ?? '']))
}

/** In tree order, self first. */
export function roster<Track>(
  input: RosterInput<Track>,
  names: ReadonlyMap<string, string>,
): PersonView<Track>[] {
  const { members, self } = input.view
  const people = members.map((member) => person(input, member, names.get(member.pseudonym) ?? ''))
  return [...people.filter((p) => p.leaf === self), ...people.filter((p) => p.leaf !== self)]
}

function person<Track>(input: RosterInput<Track>, member: MemberView, name: string): PersonView<Track> {
  const self = member.leaf === input.view.self
  const profile = input.profileOf(member.pseudonym)
  const bridge = input.bridgeOf(member)
  const present = self || input.connected.has(member.leaf)
  return {
    leaf: member.leaf,
    name,
    self,
    host: member.host,
    hand: self ? input.own.hand : (profile?.hand ?? false),
    mayUnmute: input.allows(member, 'microphone'),
    state: !present ? 'lost' : !self && input.silent(member.pseudonym) ? 'silent' : 'here',
    recorded: input.recorded(member),
    ...(bridge ? { bridge } : {}),
    streams: self ? ownStreams(input) : receivedStreams(input, member, profile),
  }
}

function ownStreams<Track>({ own }: RosterInput<Track>): StreamView<Track>[] {
  return SOURCES.flatMap((source) => {
    const wanted = own.wanted.get(source)
    return wanted ? [{ source, track: wanted.track, muted: wanted.muted, waitingForKeys: false }] : []
  })
}

function receivedStreams<Track>(
  input: RosterInput<Track>,
  member: MemberView,
  profile: Profile | null,
): StreamView<Track>[] {
  const allowed = ({ source, stream }: AnnouncedStream) => input.allows(member, source, stream)
  const announced = (profile?.streams ?? []).filter((s) => isVoice(s.source) || allowed(s))
  return announced.map((announcement) => {
    const { source, muted } = announcement
    const received = input.received.find((r) => r.leaf === member.leaf && r.source === source)
    return {
      source,
      track: received?.track ?? null,
      muted: muted || !allowed(announcement),
      waitingForKeys: received?.waitingForKeys ?? false,
      ...(received?.held ? { held: received.held } : {}),
    }
  })
}
