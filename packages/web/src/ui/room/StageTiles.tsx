/** The tiles of a plan, in lists: one, two, a grid, or some in focus beside a strip that scrolls. */
import type { ReactNode, RefCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { SizedTile } from './stage-measure.ts'
import type { StagePlan, TileId } from './stage-plan.ts'
import type { Size } from './use-size.ts'

export interface StageTilesProps {
  plan: StagePlan
  sized: readonly SizedTile[]
  draw: (tile: TileId, size?: Size, className?: string) => ReactNode
  alone: ReactNode
  stripRef: RefCallback<HTMLElement>
}

export function StageTiles({ plan, sized, draw, alone, stripRef }: StageTilesProps) {
  const { t } = useTranslation()
  const list = (className: string, children: ReactNode) => (
    <ul className={className} aria-label={t('room.stage')}>
      {children}
    </ul>
  )
  switch (plan.at) {
    case 'solo':
      return (
        <>
          {list('tiles tiles-solo', draw(plan.self))}
          {alone}
        </>
      )
    case 'pair': {
      const self = plan.self === null ? null : draw(plan.self, undefined, 'tile-floating')
      return list('tiles tiles-pair', [draw(plan.other), self])
    }
    case 'gallery':
      return list(
        'tiles',
        sized.map(({ tile, size }) => draw(tile, size)),
      )
    default: {
      const mains = sized.slice(0, plan.mains.length)
      return (
        <>
          {mains.length === 1
            ? list(
                'tiles tiles-main',
                plan.mains.map((tile) => draw(tile)),
              )
            : list(
                'tiles tiles-mains',
                mains.map(({ tile, size }) => draw(tile, size)),
              )}
          {plan.strip.length === 0 ? null : (
            <section
              ref={stripRef}
              className="strip"
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
              tabIndex={0}
              aria-label={t('room.more', { count: plan.strip.length })}
            >
              {list(
                'tiles tiles-strip',
                plan.strip.map((tile) => draw(tile)),
              )}
            </section>
          )}
        </>
      )
    }
  }
}
