/** What a lane is called. */
import { useTranslation } from 'react-i18next'
import type { Lane } from '../model/timeline.ts'

export function useLaneName(): (lane: Lane) => string {
  const { t } = useTranslation('recordings')
  return ({ person, screen }) => {
    const name = person || t('player.unnamed')
    return screen ? t('player.screen', { name }) : name
  }
}
