/** Puts a meeting's snapshot together from its parts. Pure: the same parts give the same view. */
import type { EpochView } from '@huisclos/crypto/mls'
import type { Chat } from './chat.ts'
import type { Comparison } from './comparison.ts'
import type { Conversation } from './conversation.ts'
import type { HostWord } from './host-word.ts'
import type { Journal } from './journal.ts'
import type {
  CaptionLine,
  CodeView,
  LobbyView,
  MeetingView,
  NetworkView,
  Notice,
  Phase,
} from './meeting-view.ts'
import { NO_RULES } from './messages/host-order.ts'
import type { PhonesView } from './phones/phone-view.ts'
import type { RecordingView } from './recording/recording-view.ts'
import type { RosterInput } from './roster.ts'
import { roster, rosterNames } from './roster.ts'

export interface ViewParts<Track> {
  phase: Phase
  title: string | null
  hosted: boolean
  epoch: EpochView | null
  /** Null while there is no epoch. */
  roster: RosterInput<Track> | null
  ownName: string
  chat: Chat
  journal: Journal
  comparison: Comparison
  conversation: Conversation
  removal: { notice: number; epoch: number } | null
  sending: boolean
  network: NetworkView
  knocking: LobbyView['knocking']
  recording(names: ReadonlyMap<string, string>): RecordingView
  phones: PhonesView
  hosts: { word: Pick<HostWord, 'rules'>; request: { id: number; by: string } | null }
}

export function buildView<Track>(parts: ViewParts<Track>): MeetingView<Track> {
  const { epoch, conversation, comparison, journal } = parts
  const names = parts.roster ? rosterNames(parts.roster) : new Map<string, string>()
  const nameOf = (pseudonym: string): string =>
    names.get(pseudonym) ?? conversation.profiles.nameOf(pseudonym)
  const self = epoch?.members.find(({ leaf }) => leaf === epoch.self)
  const { compared } = comparison
  return {
    phase: parts.phase,
    title: parts.title,
    hosted: parts.hosted,
    selfLeaf: epoch?.self ?? null,
    selfHost: self?.host ?? false,
    people: parts.roster ? roster(parts.roster, names) : [],
    chat: parts.chat.lines.map(({ id, leaf, pseudonym, self: own, text, at, state }) => ({
      id,
      leaf,
      text,
      at,
      state,
      self: own,
      name: own ? parts.ownName : nameOf(pseudonym),
    })),
    captions: captionsView(parts, nameOf),
    notices: journal.notices.map((notice) => withBehind(notice, parts, nameOf)),
    alarms: journal.alarms,
    security: {
      epoch: epoch?.epoch ?? 0,
      members: epoch?.members.length ?? 0,
      code: codeView(comparison, nameOf),
      compared: compared && { at: compared.at, joinedSince: compared.joined.map(nameOf) },
      sending: parts.sending,
    },
    network: parts.network,
    lobby: {
      on: epoch?.context.policy.lobby ?? false,
      lock: epoch?.context.policy.lock ?? false,
      removed: [...new Set(journal.notices.flatMap(({ kind, name }) => (kind === 'removed' ? [name] : [])))],
      // With the door open nobody waits for more than a moment.
      knocking: epoch?.context.policy.lobby || epoch?.context.policy.lock ? parts.knocking : [],
    },
    recording: parts.recording(names),
    phones: parts.phones,
    ...hostsView(parts, nameOf),
  }
}

/** Without an epoch nobody rules. */
function hostsView<Track>({ epoch, hosts }: ViewParts<Track>, nameOf: (pseudonym: string) => string) {
  const { share, chat, unmute, spotlight } = epoch ? hosts.word.rules : NO_RULES
  const { request } = hosts
  return {
    rules: { share, chat, unmute },
    spotlight: epoch?.members.find(({ pseudonym }) => pseudonym === spotlight)?.leaf ?? null,
    request: request && { id: request.id, by: nameOf(request.by) },
  }
}

function codeView({ code }: Comparison, nameOf: (pseudonym: string) => string): CodeView | null {
  return code && { words: code.words, digits: code.digits, opened: code.opened, by: nameOf(code.by) }
}

function captionsView<Track>(
  { conversation, ownName }: ViewParts<Track>,
  nameOf: (pseudonym: string) => string,
): CaptionLine[] {
  return conversation.captions.lines.map(({ pseudonym, line: _, ...shown }) => ({
    ...shown,
    name: shown.self ? ownName : nameOf(pseudonym),
  }))
}

/** GRP9: with the last removal, who has not shown the new epoch yet. */
function withBehind<Track>(
  notice: Notice,
  { removal, conversation }: ViewParts<Track>,
  nameOf: (pseudonym: string) => string,
): Notice {
  if (removal?.notice !== notice.id) return notice
  return { ...notice, notYet: conversation.behind(removal.epoch).map(nameOf) }
}
