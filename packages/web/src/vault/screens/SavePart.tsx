/** The opened files, to be saved as WebM or MP4. */
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/parts/Button.tsx'
import { FieldProblem } from '../../ui/parts/Field.tsx'
import { useStore } from '../../ui/use-store.ts'
import type { ResultPort } from '../opening-port.ts'
import { useSize } from './use-formats.ts'
import { useLaneName } from './use-lane-name.ts'

export function SavePart({ result }: { result: ResultPort }) {
  const { t } = useTranslation('recordings')
  const { opened, timeline, mp4 } = useStore(result)
  const nameOf = useLaneName()
  const size = useSize()
  return (
    <section className="save" aria-labelledby="save">
      <h2 id="save">{t('save.heading')}</h2>
      <p className="soft small">{t('save.lead')}</p>
      <ul className="choices">
        {timeline.lanes.map((lane) => {
          const name = nameOf(lane)
          const bytes = opened.files.find((file) => file.name === lane.file)?.blob.size ?? 0
          const making = mp4.get(lane.file) === 'making'
          return (
            <li key={lane.file}>
              <p>
                <strong>{name}</strong>
                <span className="soft small">{t('what.size', { size: size(bytes) })}</span>
                {mp4.get(lane.file) === 'failed' ? <FieldProblem>{t('save.failed')}</FieldProblem> : null}
              </p>
              <div className="row">
                <Save name={name} format="WebM" onPress={() => result.save(lane.file, 'webm')} />
                {making ? (
                  <span role="status" className="small">
                    {t('save.making')}
                  </span>
                ) : (
                  <Save name={name} format="MP4" onPress={() => result.save(lane.file, 'mp4')} />
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Save({ name, format, onPress }: { name: string; format: 'WebM' | 'MP4'; onPress: () => void }) {
  const { t } = useTranslation('recordings')
  return (
    <Button small onPress={onPress}>
      <span aria-hidden>{t('save.as', { format })}</span>
      <span className="unseen">{t('save.asNamed', { name, format })}</span>
    </Button>
  )
}
