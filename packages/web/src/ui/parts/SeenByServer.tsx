/** SEE1 in plain words: the complete list of what the server sees. A line missing here is a defect. */
import { useTranslation } from 'react-i18next'

const SEEN = [
  'address',
  'room',
  'ids',
  'connection',
  'media',
  'frames',
  'sizes',
  'group',
  'knocks',
  'never',
] as const

export function SeenByServer() {
  const { t } = useTranslation()
  return (
    <ul className="seen">
      {SEEN.map((key) => (
        <li key={key}>{t(`see.${key}`)}</li>
      ))}
    </ul>
  )
}
