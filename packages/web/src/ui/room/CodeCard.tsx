/** The comparison code (ROS3): six words of the reader's language and thirty digits, large, over the stage, until closed. */
import type { CodeView } from '@huisclos/participant'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import './code-card.css'

/** Digits in fives, as one reads them out. */
export const inFives = (digits: string): string[] => digits.match(/.{1,5}/gu) ?? []

export function CodeWords({ code }: { code: CodeView }) {
  const { t, i18n } = useTranslation()
  const words = i18n.language.startsWith('fr') ? code.words.fr : code.words.en
  return (
    <div className="code">
      <ol className="code-words" aria-label={t('shield.words')}>
        {words.map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a code's words can repeat and never move.
          <li key={index}>{word}</li>
        ))}
      </ol>
      <p className="code-or">{t('shield.digits')}</p>
      <p className="code-digits">
        {inFives(code.digits).map((five, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups can repeat and never move.
          <span key={index}>{five} </span>
        ))}
      </p>
    </div>
  )
}

export function CodeCard({ code, onClose }: { code: CodeView; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <section className="code-card" data-region tabIndex={-1} aria-labelledby="code-heading">
      <h2 id="code-heading">{t('shield.codeHeading')}</h2>
      {code.by === '' ? null : <p className="soft">{t('shield.codeBy', { name: code.by })}</p>}
      <CodeWords code={code} />
      <p className="soft small">{t('shield.different')}</p>
      <div className="row code-foot">
        <Button look="primary" onPress={onClose}>
          {t('shield.codeClose')}
        </Button>
      </div>
    </section>
  )
}
