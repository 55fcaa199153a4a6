/** Comparing a meeting's code [ROS3]: six words in English and French, and 30 digits, from the MLS epoch. */
export {
  CODE_DIGITS,
  CODE_ROUNDS,
  CODE_WORDS,
  type ComparisonCode,
  comparisonCode,
  groupDigits,
} from './comparison-code.ts'
export { type CodeLanguage, LIST_WORDS, wordAt } from './word-lists.ts'
