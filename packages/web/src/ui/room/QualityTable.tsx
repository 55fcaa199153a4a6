/** The figures of the quality panel as a table, and as text to copy. */
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../parts/ShareLink.tsx'
import type { QualityPoint } from '../quality-ports.ts'
import { METRICS, tableRows } from './quality-metrics.ts'

/** A row for ten seconds: five minutes are thirty rows. */
const EVERY = 5

export function QualityTable({ who, points }: { who: string; points: readonly QualityPoint[] }) {
  const { t, i18n } = useTranslation()
  const rows = tableRows(t, i18n.language, points, EVERY)
  const heads = [t('quality.time'), ...METRICS.map((metric) => t(`quality.metric.${metric}`))]
  const text = [heads, ...rows.map(({ at, cells }) => [at, ...cells])].map((row) => row.join('\t')).join('\n')
  return (
    <>
      <div className="row">
        <CopyButton text={text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="quality-scroll" tabIndex={0} aria-label={t('quality.tableOf', { who })}>
        <table className="quality-table">
          <caption className="unseen">{t('quality.tableOf', { who })}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, cells }) => (
              <tr key={at}>
                <th scope="row">{at}</th>
                {METRICS.map((metric, index) => (
                  <td key={metric}>{cells[index]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}
