// What is read out and shown: new things once, alarms urgently, chat only while its panel is closed.
import i18next from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import en from '../i18n/en.json' with { type: 'json' }
import { newsBetween } from './news.ts'
import { testPeople, testPerson, testView } from './test-people.ts'

beforeAll(async () => {
  await i18next.init({
    lng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  })
})
const line = (id: string, text: string) => ({
  id,
  leaf: 1,
  name: 'Bob',
  self: false,
  text,
  at: 0,
  state: 'sent' as const,
})

describe('newsBetween', () => {
  test('says a notice once', () => {
    const now = testView({ notices: [{ id: 1, at: 0, kind: 'joined', name: 'Bob' }] })
    expect(newsBetween(testView(), now, false, i18next.t).map((item) => item.text)).toEqual(['Bob joined'])
    expect(newsBetween(now, testView({ notices: now.notices }), false, i18next.t)).toEqual([])
  })

  test('[GRP9] "removed" names who has not shown the new keys', () => {
    const now = testView({
      notices: [{ id: 1, at: 0, kind: 'removed', name: 'Eve', by: 'Anna', notYet: ['Bob', 'Zoé'] }],
    })
    expect(newsBetween(testView(), now, false, i18next.t)[0]?.text).toBe(
      'Anna removed Eve. Not yet on the new keys: Bob, Zoé',
    )
  })

  test('alarms and being muted interrupt, the rest does not', () => {
    const now = testView({
      alarms: [{ id: 7, kind: 'member-unseen', at: 0 }],
      notices: [
        { id: 1, at: 0, kind: 'muted-by', name: 'Me', by: 'Anna' },
        { id: 2, at: 0, kind: 'left', name: 'Bob' },
      ],
    })
    expect(newsBetween(testView(), now, false, i18next.t).map((item) => [item.id, item.urgent])).toEqual([
      ['notice-1', true],
      ['notice-2', false],
      ['alarm-7', true],
    ])
  })

  test('chat is batched, and no news while the log is open', () => {
    const now = testView({ chat: [line('a', 'Hello'), line('b', 'There')] })
    expect(newsBetween(testView(), now, false, i18next.t).map((item) => item.text)).toEqual([
      '2 new messages',
    ])
    expect(
      newsBetween(testView(), testView({ chat: [line('a', '<b>Hi</b>')] }), false, i18next.t)[0]?.text,
    ).toBe('Bob: <b>Hi</b>')
    expect(newsBetween(testView(), now, true, i18next.t)).toEqual([])
  })

  test('a raised hand is said, one’s own is not', () => {
    const [, second, third] = testPeople(3)
    const people = [
      testPerson(0, { hand: true }),
      { ...testPerson(1), ...second, hand: true },
      third ?? testPerson(2),
    ]
    expect(newsBetween(testView(), testView({ people }), false, i18next.t).map((item) => item.text)).toEqual([
      'P1 raised a hand',
    ])
  })

  test('a knock is said', () => {
    const now = testView({ lobby: { on: true, lock: false, removed: [], knocking: [{ id: 'k', since: 0 }] } })
    expect(newsBetween(testView(), now, false, i18next.t)).toMatchObject([
      { kind: 'knock', text: 'Someone is at the door' },
    ])
  })

  test('[HOST4] what a host did to oneself interrupts; rules for everybody do not', () => {
    const notice = (id: number, kind: 'muted-by' | 'camera-stopped' | 'share-stopped' | 'chat-forbidden') =>
      ({ id, at: 0, kind, name: 'Me', by: 'P1' }) as const
    const notices = [
      notice(1, 'muted-by'),
      notice(2, 'camera-stopped'),
      notice(3, 'share-stopped'),
      notice(4, 'chat-forbidden'),
    ]
    const news = newsBetween(testView(), testView({ notices }), false, i18next.t)
    expect(news.map(({ urgent }) => urgent)).toEqual([true, true, true, false])
    expect(news[1]?.text).toBe('P1 turned your camera off')
  })
})
