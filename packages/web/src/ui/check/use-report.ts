/**
 * The text of a connection test for whoever runs the network: host, ports, protocols, what passed. It holds no link, no
 * room and no address of the person.
 */
import { useTranslation } from 'react-i18next'
import { formatBitRate, formatPercent } from '../format-figures.ts'
import type { ConnectionTestView, PathView } from '../quality-ports.ts'

/** Ascending ports as ranges: `40000–40003`. */
export function portRanges(ports: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const port of [...ports].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && port === last[1] + 1) last[1] = port
    else ranges.push([port, port])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}

/** For a sentence; words where the server has not told any. */
export function usePortsText(ports: readonly number[]): string {
  const { t } = useTranslation()
  return ports.length === 0 ? t('check.portsUnknown') : portRanges(ports)
}

export function useReport(view: ConnectionTestView): string {
  const { t, i18n } = useTranslation()
  const ports = usePortsText(view.mediaPorts)
  const pathLine = (name: string, path: PathView): string => {
    if (path.state !== 'works') {
      const why = path.state === 'fails' ? t(`check.why.${path.why}`) : t(`check.state.${path.state}`)
      return t('check.report.line', { name, text: why })
    }
    const roundTrip =
      path.roundTripMs === null
        ? t('quality.unknown')
        : t('quality.milliseconds', { number: path.roundTripMs })
    const flow = (bps: number, loss: number) =>
      t('check.flow', {
        rate: formatBitRate(t, i18n.language, bps),
        loss: formatPercent(i18n.language, loss),
      })
    const figures = {
      roundTrip,
      up: flow(path.upBps, path.lossUp),
      down: flow(path.downBps, path.lossDown),
    }
    const text = `${t('check.state.works')}. ${t('check.report.path', figures)}`
    return t('check.report.line', { name, text })
  }
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long', timeStyle: 'short' }).format(
    new Date(),
  )
  return [
    t('check.report.title', { host: view.host, date }),
    '',
    t('check.report.needs'),
    `- ${t('check.report.pages', { scheme: view.scheme.toUpperCase(), host: view.host })}`,
    `- ${t('check.report.udp', { ports })}`,
    `- ${t('check.report.tcp', { ports })}`,
    '',
    t('check.report.found'),
    `- ${pathLine(t('check.udp'), view.udp)}`,
    `- ${pathLine(t('check.tcp'), view.tcp)}`,
    `- ${t('check.report.line', { name: t('check.turn'), text: t('check.turnNone') })}`,
    '',
    t('check.report.note'),
  ].join('\n')
}
