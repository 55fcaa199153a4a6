/**
 * The connection test on one page: what passes from here to this server, how well, and a text for whoever runs the
 * network. Nothing is sent before the press of Start, and never a camera or a microphone.
 */
import { Check, Minus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBitRate, formatPercent } from '../format-figures.ts'
import { Button } from '../parts/Button.tsx'
import { PageFrame } from '../parts/PageFrame.tsx'
import { CopyButton } from '../parts/ShareLink.tsx'
import type { ConnectionTestPort, ConnectionTestView, PathView } from '../quality-ports.ts'
import { useStore } from '../use-store.ts'
import { usePortsText, useReport } from './use-report.ts'
import './check.css'

export interface CheckScreenProps {
  test: ConnectionTestPort
  onBack: () => void
  onHome: () => void
}

export function CheckScreen({ test, onBack, onHome }: CheckScreenProps) {
  const { t } = useTranslation()
  const view = useStore(test)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const running = view.at === 'running'
  return (
    <PageFrame title={t('check.page')} onHome={onHome}>
      <article className="check">
        <header>
          <h1 ref={heading} tabIndex={-1}>
            {t('check.heading')}
          </h1>
          <p className="home-lead">{t('check.lead')}</p>
        </header>
        <div className="row">
          <Button look="primary" onPress={() => test.start()} disabled={running}>
            {running ? t('check.running') : view.at === 'ready' ? t('check.start') : t('check.again')}
          </Button>
          <Button onPress={onBack}>{t('app.back')}</Button>
        </div>
        {running ? (
          <progress
            className="check-progress"
            aria-label={t('check.progress')}
            max={100}
            value={Math.round(view.progress * 100)}
          />
        ) : null}
        <p className="check-summary" role="status">
          {view.at === 'ready' ? '' : t(`check.summary.${summaryOf(view)}`)}
        </p>
        {view.at === 'ready' ? null : <Results view={view} />}
        {view.at === 'done' ? <ForIt view={view} /> : null}
      </article>
    </PageFrame>
  )
}

type Summary =
  | 'running'
  | 'direct'
  | 'tcp-only'
  | 'udp-only'
  | 'blocked'
  | 'busy'
  | 'unreachable'
  | 'unsupported'

function summaryOf({ at, udp, tcp }: ConnectionTestView): Summary {
  if (at !== 'done') return at === 'ready' ? 'running' : at
  if (udp.state === 'works') return tcp.state === 'works' ? 'direct' : 'udp-only'
  return tcp.state === 'works' ? 'tcp-only' : 'blocked'
}

function Results({ view }: { view: ConnectionTestView }) {
  const { t } = useTranslation()
  const ports = usePortsText(view.mediaPorts)
  return (
    <ul className="check-paths">
      <Row
        state={view.at === 'unreachable' ? 'fails' : view.mediaPorts.length > 0 ? 'works' : 'waiting'}
        name={t('check.pages')}
        detail={t('check.pagesDetail', { scheme: view.scheme.toUpperCase(), host: view.host })}
      />
      <Path name={t('check.udp')} detail={t('check.portsUdp', { ports })} path={view.udp} />
      <Path name={t('check.tcp')} detail={t('check.portsTcp', { ports })} path={view.tcp} />
      <Row state="none" name={t('check.turn')} detail={t('check.turnNone')} />
    </ul>
  )
}

type RowState = PathView['state'] | 'none'

function Row(props: { state: RowState; name: string; detail: string; children?: ReactNode }) {
  const { t } = useTranslation()
  const { state, name, detail, children } = props
  return (
    <li className={`check-path check-${state}`}>
      <h2>
        <StateIcon state={state} />
        {name}
        <span className="check-state">{t(`check.state.${state}`)}</span>
      </h2>
      <p className="soft small">{detail}</p>
      {children}
    </li>
  )
}

function StateIcon({ state }: { state: RowState }) {
  if (state === 'works') return <Check size={20} aria-hidden />
  if (state === 'fails') return <X size={20} aria-hidden />
  return <Minus size={20} aria-hidden />
}

function Path({ name, detail, path }: { name: string; detail: string; path: PathView }) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  if (path.state === 'fails') {
    return (
      <Row state="fails" name={name} detail={detail}>
        <p>{t(`check.why.${path.why}`)}</p>
      </Row>
    )
  }
  if (path.state !== 'works') return <Row state={path.state} name={name} detail={detail} />
  const roundTrip = path.roundTripMs
  return (
    <Row state="works" name={name} detail={detail}>
      <dl className="check-figures">
        <Figure name={t('quality.roundTrip')}>
          {roundTrip === null ? t('quality.unknown') : t('quality.milliseconds', { number: roundTrip })}
        </Figure>
        <Figure name={t('check.up')}>
          {t('check.flow', {
            rate: formatBitRate(t, language, path.upBps),
            loss: formatPercent(language, path.lossUp),
          })}
        </Figure>
        <Figure name={t('check.down')}>
          {t('check.flow', {
            rate: formatBitRate(t, language, path.downBps),
            loss: formatPercent(language, path.lossDown),
          })}
        </Figure>
      </dl>
    </Row>
  )
}

const Figure = ({ name, children }: { name: string; children: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

/** What an administrator needs, and nothing that is secret. */
function ForIt({ view }: { view: ConnectionTestView }) {
  const { t } = useTranslation()
  const report = useReport(view)
  return (
    <section className="check-report" aria-labelledby="for-it">
      <h2 id="for-it">{t('check.report.heading')}</h2>
      <p className="soft">{t('check.report.hint')}</p>
      <pre>{report}</pre>
      <div className="row">
        <CopyButton text={report} />
      </div>
    </section>
  )
}
