/** Alone in the room: says so, shows the code (GRP11: a server could keep two first comers apart) and the link. */
import type { CodeView } from '@huisclos/participant'
import { useTranslation } from 'react-i18next'
import { ShareLink } from '../parts/ShareLink.tsx'
import { CodeWords } from './CodeCard.tsx'
import './alone.css'

export function AlonePanel({ href, code }: { href: string; code: CodeView | null }) {
  const { t } = useTranslation()
  return (
    <section className="alone" aria-labelledby="alone-heading">
      <h2 id="alone-heading">{t('room.alone')}</h2>
      <p className="soft">{t('room.aloneBody')}</p>
      <ShareLink href={href} label={t('create.link')} hint={t('create.linkHint')} />
      {code === null ? null : (
        <details open>
          <summary>{t('status.code')}</summary>
          <p className="soft small">{t('room.aloneCode')}</p>
          <CodeWords code={code} />
        </details>
      )}
    </section>
  )
}
