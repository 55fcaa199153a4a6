/** What a screen is shown of a meeting at one moment: gathers what build-view.ts needs from the parts. Pure reading. */
import type { EpochView } from '@huisclos/crypto/mls'
import { buildView } from './build-view.ts'
import type { MeetingParts } from './meeting-parts.ts'
import type { MeetingView, NetworkView, Phase } from './meeting-view.ts'

/** What no part knows. */
export interface MeetingState {
  phase: Phase
  title: string | null
  hosted: boolean
  epoch: EpochView | null
  own: { name: string; hand: boolean }
  sending: boolean
  signalling: NetworkView['signalling']
}

export function snapshot<Track>(parts: MeetingParts<Track>, state: MeetingState): MeetingView<Track> {
  const { chat, journal, comparison, conversation, media, hosts, desk, news, peers, recording, phones } =
    parts
  const { epoch, own } = state
  return buildView<Track>({
    phase: state.phase,
    title: state.title,
    hosted: state.hosted,
    epoch,
    roster: epoch && {
      view: epoch,
      profileOf: (pseudonym) => conversation.profiles.of(pseudonym),
      own: { ...own, wanted: media.outgoing.wanted },
      received: media.incoming.streams(),
      connected: peers.connected(),
      silent: (pseudonym) => conversation.silent(pseudonym),
      allows: (...asked) => hosts.word.allows(...asked),
      bridgeOf: (member) => phones.viewOf(member),
      recorded: (member) => {
        const { order } = recording.order
        return order !== null && recording.isConsenting(member, order.id)
      },
    },
    ownName: own.name,
    chat,
    journal,
    comparison,
    conversation,
    removal: news.removal,
    sending: state.sending,
    network: { signalling: state.signalling, media: media.state, tcpOnly: media.tcpOnly },
    knocking: desk.waiting(),
    recording: (names) => recording.view(names),
    hosts,
    phones: phones.view,
  })
}
