/** What opening found, in words: what vouches for it, what is missing and why, what is damaged. */
import type { OpeningReport } from '@huisclos/vault'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../../ui/format-time.ts'
import type { OpenedRecording } from '../worker/opener-messages.ts'

type Words = TFunction<'recordings'>

export interface ReportPartProps {
  opened: OpenedRecording
  hostTitle: string | null
}

export function ReportPart({ opened, hostTitle }: ReportPartProps) {
  const { t } = useTranslation('recordings')
  const { t: ui } = useTranslation()
  const { report, lines, whole } = opened
  const findings = findingsOf(t, report)
  return (
    <section className="report" aria-labelledby="report">
      <h2 id="report">{t('report.heading')}</h2>
      <p>
        {hostTitle === null
          ? t(`report.manifest.${report.manifest}`, { host: report.host ?? '' })
          : t('report.signedKnown', { title: hostTitle || ui('meetings.untitled') })}
      </p>
      {findings.length === 0 ? null : (
        <details open={!whole && findings.length <= 12}>
          <summary>{t('result.findings', { count: findings.length })}</summary>
          <ul className="findings">
            {findings.map((finding) => (
              <li key={finding}>{finding}</li>
            ))}
          </ul>
        </details>
      )}
      <details>
        <summary>{t('report.lines')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <pre tabIndex={0}>{lines.join('\n')}</pre>
      </details>
    </section>
  )
}

const at = (us: number): string => formatDuration(us / 1000)
const span = (t: Words, fromUs: number, toUs: number): string =>
  at(fromUs) === at(toUs) ? at(fromUs) : t('report.span', { from: at(fromUs), to: at(toUs) })

function findingsOf(t: Words, report: OpeningReport): string[] {
  return [
    ...new Set([
      ...gapsOf(t, report),
      ...envelopesOf(t, report),
      ...eventsOf(t, report),
      ...damageOf(t, report),
    ]),
  ]
}

const gapsOf = (t: Words, { gaps }: OpeningReport): string[] =>
  gaps.map(({ fromUs, toUs, person, kind, why }) =>
    t('report.gap', {
      span: span(t, fromUs, toUs),
      who: person?.name || t('report.somebody'),
      kind: t(`report.${kind}`),
      why: t(`report.why.${why}`),
    }),
  )

const envelopesOf = (t: Words, { envelopes }: OpeningReport): string[] =>
  envelopes.findings.map(({ kind, epoch, timeUs, why }) => {
    const what = kind === 'refused' ? t(`report.refused.${why ?? 'malformed'}`) : t(`report.${kind}`)
    return t('report.envelope', { epoch, at: at(timeUs), what })
  })

const eventsOf = (t: Words, { events }: OpeningReport): string[] =>
  events.flatMap(({ code, fromUs, toUs }) => {
    if (code === 'resumed' || code === 'stopped') return []
    return [t(`report.event.${code}`, { at: at(fromUs), span: span(t, fromUs, toUs) })]
  })

const damageOf = (t: Words, { damage }: OpeningReport): string[] =>
  damage.map(({ kind, file, segment, fromUs, toUs }) => {
    const where = file ?? (segment === null ? t('report.whole') : `${String(segment).padStart(6, '0')}.hcs`)
    const what = t(`report.kind.${kind}`)
    if (fromUs === null || toUs === null) return t('report.damage', { where, what })
    return t('report.damageAt', { where, what, span: span(t, fromUs, toUs) })
  })
