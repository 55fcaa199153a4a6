// The panel says what SEE1 says: every item of the rule, and every category of the field table behind spec/seen.md, has
// its words in both languages. A change of either text fails here until the words were looked at again.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import en from '../i18n/en.json' with { type: 'json' }
import fr from '../i18n/fr.json' with { type: 'json' }
import { SEEN_ITEMS } from './seen-items.ts'

type Item = (typeof SEEN_ITEMS)[number]

const spec = (name: string) => readFileSync(new URL(`../../../../../spec/${name}`, import.meta.url), 'utf8')

/** The rule's items, by its own words. */
const RULE: Record<string, Item> = {
  'address and time of each connection': 'address',
  'room id and access hash (the same at each meeting of that room)': 'room',
  'the encrypted room descriptor with its version, size and expiry, and the hash of the owner token':
    'description',
  'random ids': 'ids',
  'SDP, ICE candidates, browser kind': 'connection',
  'media kinds, who receives whose stream at what size, pauses': 'media',
  "SFrame headers (stream, leaf, epoch, counter), VP8's clear bytes, RTP extensions": 'frames',
  'packet sizes and times': 'sizes',
  'MLS ciphertext, epoch numbers, leaves, key packages and trees under pseudonyms, Welcome sizes': 'group',
  knocks: 'knocks',
  'that a recording is made, when, who consented, and its envelopes, sealed': 'recordings',
  "which telephone bridge's mailbox is invited to which meeting, and grants, sealed": 'telephones',
  'kinds, numbers and versions of messages': 'messages',
  'what it says itself: its key, its warrants, who is connected': 'server',
}

/** The table's categories; the owner token's hash and the expiry stand in the first one. */
const TABLE: Record<string, Item[]> = {
  'Room id and access hash (the same at each meeting of that room)': ['room', 'description'],
  'The encrypted room descriptor, its version and size': ['description'],
  'Random ids': ['ids'],
  'SDP, ICE candidates, browser kind': ['connection'],
  'Media kinds, who receives whose stream at what size, pauses': ['media'],
  'MLS ciphertext, epoch numbers, leaves, key packages and trees under pseudonyms, Welcomes': ['group'],
  'Recordings on the server: that one is made, when, by whose consent, and envelopes sealed to the customer’s key':
    ['recordings'],
  'Telephones: which bridge’s mailbox is invited to which meeting, tickets, and grants sealed to the bridge’s key':
    ['telephones'],
  Knocks: ['knocks'],
  'What the server says of itself and of connections: its key, its warrants, who is connected': ['server'],
  'Kinds, numbers and versions of messages': ['messages'],
}

/** What an item must name, in English and in French. */
const NAMED: Partial<Record<Item, [RegExp, RegExp][]>> = {
  description: [
    [/version/u, /version/u],
    [/size/u, /taille/u],
    [/expires/u, /expiration/u],
    [/hash of the token/u, /empreinte du jeton/u],
  ],
  room: [[/hash of its access secret/u, /empreinte de son secret d’accès/u]],
  group: [
    [/key period/u, /période de clé/u],
    [/places/u, /places/u],
    [/tree/u, /arbre/u],
    [/size of welcome/u, /taille des messages de bienvenue/u],
  ],
  messages: [
    [/kind/u, /type/u],
    [/number/u, /numéro/u],
    [/version/u, /version/u],
  ],
  server: [
    [/own key/u, /propre clé/u],
    [/signed/u, /signée/u],
    [/connected/u, /connecté/u],
  ],
}

test('[SEE1] the panel has an item for each one of the rule, in its order of words', () => {
  const [, list] =
    /^- SEE1 .*?and on the shield panel: (.*?)\. The audio-level/mu.exec(spec('encryption.md')) ?? []
  expect(list?.split('; ')).toEqual(Object.keys(RULE))
  expect(SEEN_ITEMS).toEqual([...Object.values(RULE), 'never'])
})

test('[SEE1] the panel has an item for each category of the field table', () => {
  const headings = [...spec('seen.md').matchAll(/^## (.+)$/gmu)].map(([, heading]) => heading)
  expect(headings).toEqual(Object.keys(TABLE))
  for (const item of Object.values(TABLE).flat()) expect(SEEN_ITEMS).toContain(item)
})

test('[SEE1] both languages have words for each item and for nothing else', () => {
  expect(Object.keys(en.see).sort()).toEqual([...SEEN_ITEMS].sort())
  expect(Object.keys(fr.see).sort()).toEqual([...SEEN_ITEMS].sort())
})

test('[SEE1] both languages name what an item consists of', () => {
  for (const [item, names] of Object.entries(NAMED) as [Item, [RegExp, RegExp][]][]) {
    for (const [english, french] of names) {
      expect(en.see[item]).toMatch(english)
      expect(fr.see[item]).toMatch(french)
    }
  }
})
