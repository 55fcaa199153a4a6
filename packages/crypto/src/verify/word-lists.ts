/**
 * The words that a code is read in: BIP-39's lists of 2,048 English and French words, from a kept library. The
 * same number gives a word in each language, so that two people may compare in their own and check the digits.
 */
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as french } from '@scure/bip39/wordlists/french.js'

export type CodeLanguage = 'en' | 'fr'

export const LIST_WORDS = 2048

/** The French list is published with its accents as combining marks (NFKD); screens and keyboards write NFC. */
const LISTS: Record<CodeLanguage, readonly string[]> = {
  en: english.map((word) => word.normalize('NFC')),
  fr: french.map((word) => word.normalize('NFC')),
}

/** The word at `place`, 0 to 2,047. Throws RangeError beyond. */
export function wordAt(language: CodeLanguage, place: number): string {
  const word = LISTS[language][place]
  if (word === undefined) throw new RangeError('no word at this place')
  return word
}
