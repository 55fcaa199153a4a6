/** Why it did not open, in words that say what to do. */
import { useTranslation } from 'react-i18next'
import type { OpenerRefusal } from '../worker/opener-messages.ts'

const WORDS = [
  'key-file-damaged',
  'key-version-unknown',
  'passphrase-wrong',
  'share-damaged',
  'shares-too-few',
  'shares-mixed',
  'key-mismatch',
  'recording-empty',
  'server-refused',
  'file-unreadable',
] as const

export function useProblem(): (refusal: OpenerRefusal) => string {
  const { t } = useTranslation('recordings')
  return ({ code, about }) => {
    if (code === 'share-damaged' && about !== '') return t('problem.share-damaged-row', { about })
    if (code === 'nothing-opens') {
      const why = about === 'other-key' || about === 'no-envelope' ? about : 'does-not-open'
      return t(`problem.${why}`)
    }
    const known = WORDS.find((word) => word === code)
    return known ? t(`problem.${known}`, { about }) : t('problem.fault', { about: about || code })
  }
}
