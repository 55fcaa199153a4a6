/** SEE1 in plain words: the complete list of what the server sees. A line missing here is a defect. */
import { useTranslation } from 'react-i18next'
import { SEEN_ITEMS } from './seen-items.ts'

export function SeenByServer() {
  const { t } = useTranslation()
  return (
    <ul className="seen">
      {SEEN_ITEMS.map((key) => (
        <li key={key}>{t(`see.${key}`)}</li>
      ))}
    </ul>
  )
}
