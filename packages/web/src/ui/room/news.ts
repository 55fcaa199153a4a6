/**
 * Words what has happened since a snapshot: notices, hands, chat, knocks, alarms. Pure; `Announcer` reads the result
 * out and `Toasts` shows it.
 */
import type { MeetingView, Notice } from '@huisclos/participant'
import type { TFunction } from 'i18next'

type View = MeetingView<MediaStreamTrack>

export interface News {
  readonly id: string
  readonly text: string
  /** Interrupts a screen reader: encryption alarms, muted by a host. */
  readonly urgent: boolean
  readonly kind: 'notice' | 'hand' | 'chat' | 'knock' | 'alarm'
}

/** What a host did to oneself, and that one is recorded, or no longer. */
const URGENT: ReadonlySet<Notice['kind']> = new Set([
  'muted-by',
  'camera-stopped',
  'share-stopped',
  'recording-started',
  'recording-paused',
  'recording-resumed',
  'recording-stopped',
  'records-started',
  'records-stopped',
])

/** One notice in words. */
function wordNotice(notice: Notice, t: TFunction): string {
  const name = notice.name === '' ? t('room.someone') : notice.name
  const by = notice.by === undefined || notice.by === '' ? t('room.someone') : notice.by
  if (notice.kind !== 'removed') return t(`notice.${notice.kind}`, { name, by })
  const removed =
    notice.by === undefined ? t('notice.removedPlain', { name }) : t('notice.removed', { name, by })
  const late = notice.notYet ?? []
  return late.length === 0 ? removed : `${removed}. ${t('notice.notYet', { names: late.join(', ') })}`
}

function handNews(before: View, now: View, t: TFunction): News[] {
  const up = new Set(before.people.filter((person) => person.hand).map((person) => person.leaf))
  return now.people
    .filter((person) => person.hand && !person.self && !up.has(person.leaf))
    .map((person) => ({
      id: `hand-${person.leaf}-${now.security.epoch}`,
      text: t('notice.hand', { name: person.name === '' ? t('room.someone') : person.name }),
      urgent: false,
      kind: 'hand' as const,
    }))
}

function chatNews(before: View, now: View, t: TFunction): News[] {
  const known = new Set(before.chat.map((line) => line.id))
  const fresh = now.chat.filter((line) => !line.self && !known.has(line.id))
  const [only, second] = fresh
  if (only === undefined) return []
  const name = only.name === '' ? t('room.someone') : only.name
  const text =
    second === undefined
      ? t('notice.chat', { name, text: only.text })
      : t('notice.chats', { count: fresh.length })
  return [{ id: `chat-${only.id}`, text, urgent: false, kind: 'chat' }]
}

/** What `now` holds that `before` did not. `chatOpen`: the log reads itself out, so chat is no news. */
export function newsBetween(before: View, now: View, chatOpen: boolean, t: TFunction): News[] {
  const told = new Set(before.notices.map((notice) => notice.id))
  const alarmed = new Set(before.alarms.map((alarm) => alarm.id))
  const waiting = new Set(before.lobby.knocking.map((knock) => knock.id))
  return [
    ...now.notices
      .filter((notice) => !told.has(notice.id))
      .map(
        (notice): News => ({
          id: `notice-${notice.id}`,
          text: wordNotice(notice, t),
          urgent: URGENT.has(notice.kind),
          kind: 'notice',
        }),
      ),
    ...(before.people === now.people ? [] : handNews(before, now, t)),
    ...(chatOpen || before.chat === now.chat ? [] : chatNews(before, now, t)),
    ...now.lobby.knocking
      .filter((knock) => !waiting.has(knock.id))
      .map(
        (knock): News => ({ id: `knock-${knock.id}`, text: t('notice.knock'), urgent: false, kind: 'knock' }),
      ),
    ...now.alarms
      .filter((alarm) => !alarmed.has(alarm.id))
      .map(
        (alarm): News => ({
          id: `alarm-${alarm.id}`,
          text: `${t(`alarm.${alarm.kind}.title`)}. ${t(`alarm.${alarm.kind}.body`)}`,
          urgent: true,
          kind: 'alarm',
        }),
      ),
  ]
}
