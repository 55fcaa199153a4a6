/** The quality panel: what one sends and what comes of each person, over five minutes, as plots or as a table. */
import type { PersonView } from '@huisclos/participant'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { Picker } from '../parts/Field.tsx'
import type { QualityPort } from '../quality-ports.ts'
import { useStore } from '../use-store.ts'
import { Panel } from './Panel.tsx'
import { QualityTable } from './QualityTable.tsx'
import './quality.css'

const QualityPlots = lazy(() =>
  import('./QualityPlots.tsx').then(({ QualityPlots: View }) => ({ default: View })),
)

export interface QualityPanelProps {
  quality: QualityPort
  people: readonly PersonView<MediaStreamTrack>[]
  onClose: () => void
}

const OWN = 'own'

export function QualityPanel({ quality, people, onClose }: QualityPanelProps) {
  const { t } = useTranslation()
  const view = useStore(quality)
  const [chosen, setChosen] = useState(OWN)
  const [asTable, setAsTable] = useState(false)
  const others = people.filter(({ self }) => !self)
  const options = [
    { value: OWN, label: t('quality.own') },
    ...others.map(({ leaf, name }) => ({
      value: `${leaf}`,
      label: t('quality.from', { name: name === '' ? t('room.someone') : name }),
    })),
  ]
  // Whoever was chosen may have left.
  const shown = options.find(({ value }) => value === chosen) ?? { value: OWN, label: t('quality.own') }
  const points = shown.value === OWN ? view.own : (view.people.get(Number(shown.value)) ?? [])
  return (
    <Panel title={t('quality.title')} onClose={onClose}>
      <Picker label={t('quality.whose')} value={shown.value} onChange={setChosen} options={options} />
      {points.length === 0 ? (
        <p className="soft">{t('quality.none')}</p>
      ) : (
        <>
          <div className="row">
            <Button small onPress={() => setAsTable(!asTable)}>
              {asTable ? t('quality.asPlots') : t('quality.asTable')}
            </Button>
          </div>
          {asTable ? (
            <QualityTable who={shown.label} points={points} />
          ) : (
            <Suspense fallback={<p className="soft">{t('quality.loading')}</p>}>
              <QualityPlots points={points} />
            </Suspense>
          )}
        </>
      )}
      <p className="soft small">{t('quality.local')}</p>
    </Panel>
  )
}
