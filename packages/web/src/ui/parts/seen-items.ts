/**
 * SEE1's items in the order in which the panel says them; the words are `see.<item>` of the catalogues. A test holds them
 * against the rule and against spec/seen.md, so that neither says more than the panel.
 */
export const SEEN_ITEMS = [
  'address',
  'room',
  'description',
  'ids',
  'connection',
  'media',
  'frames',
  'sizes',
  'group',
  'knocks',
  'recordings',
  'telephones',
  'messages',
  'server',
  'never',
] as const
