/** The stage: lays the tiles out, pages the gallery, keeps the filmstrip, and asks the server for no more than is shown. */
import type { PersonView } from '@huisclos/participant'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { ReactNode, RefCallback } from 'react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../parts/Button.tsx'
import type { CallPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import { bestGrid, pageSize } from './grid.ts'
import type { Speaking } from './speaking.ts'
import type { StagePlan, TileId } from './stage-plan.ts'
import { planStage, sameTile, tileKey } from './stage-plan.ts'
import { Tile } from './Tile.tsx'
import type { Size } from './use-size.ts'
import { useSize } from './use-size.ts'
import { useStripView } from './use-strip-view.ts'
import { useWants, wantsOf } from './wanted-size.ts'
import './stage.css'

const GAP_PX = 10
const STRIP_TILE_PX = { side: { width: 208, height: 117 }, below: { width: 144, height: 96 } } as const

export interface StageProps {
  call: CallPort
  layout: 'gallery' | 'speaker'
  speaking: Speaking
  /** Shown on the stage of somebody who is alone. */
  alone: ReactNode
}

type Sized = readonly { readonly tile: TileId; readonly size: Size }[]

/** Sizes by plan, in CSS pixels: what is on screen and how large. */
function measure(plan: StagePlan, stage: Size, upright: boolean): Sized {
  switch (plan.at) {
    case 'solo':
      return [{ tile: plan.self, size: stage }]
    case 'pair':
      return [{ tile: plan.other, size: stage }]
    case 'gallery': {
      const grid = bestGrid(plan.tiles.length, stage.width, stage.height, GAP_PX)
      return plan.tiles.map((tile) => ({ tile, size: { width: grid.tileWidth, height: grid.tileHeight } }))
    }
    default: {
      const strip = upright ? STRIP_TILE_PX.below : STRIP_TILE_PX.side
      return [{ tile: plan.main, size: stage }, ...plan.strip.map((tile) => ({ tile, size: strip }))]
    }
  }
}

/** On screen: all but the tiles that the filmstrip has scrolled away. */
const isShown = (plan: StagePlan, tile: TileId, inView: ReadonlySet<string>): boolean =>
  plan.at !== 'focus' || sameTile(tile, plan.main) || inView.has(tileKey(tile))

export function Stage({ call, layout, speaking, alone }: StageProps) {
  const { t } = useTranslation()
  const { people } = useStore(call.meeting)
  const { cameraTrack } = useStore(call.devices)
  const [ref, stage] = useSize()
  const [pinned, setPinned] = useState<TileId | null>(null)
  const [page, setPage] = useState(0)
  const upright = stage.width < stage.height * 1.05
  const plan = planStage(people, {
    layout,
    pinned,
    speaker: speaking.last,
    page,
    perPage: pageSize(stage.width),
  })
  const sized = measure(plan, stage, upright)
  const [stripRef, inView] = useStripView()
  const shown = sized.filter(({ tile }) => isShown(plan, tile, inView))
  // A text compares by value: wishes are made anew only when a width has changed.
  const widths = JSON.stringify(shown.map(({ tile, size }) => [tileKey(tile), size.width]))
  const wants = useMemo(
    () => wantsOf(people, new Map(JSON.parse(widths) as [string, number][])),
    [people, widths],
  )
  useWants(call.meeting, wants)
  const draw = (tile: TileId, size?: Size, className?: string) => {
    const person = people.find((one: PersonView<MediaStreamTrack>) => one.leaf === tile.leaf)
    if (person === undefined) return null
    const isPinned = pinned !== null && sameTile(pinned, tile)
    return (
      <Tile
        key={tileKey(tile)}
        tile={tile}
        person={person}
        speaking={speaking.leaves.has(tile.leaf)}
        pinned={isPinned}
        selfTrack={cameraTrack}
        {...(plan.at === 'solo' || plan.at === 'pair'
          ? {}
          : { onPin: () => setPinned(isPinned ? null : tile) })}
        small={className === 'tile-floating'}
        {...(size === undefined ? {} : { size })}
        {...(className === undefined ? {} : { className })}
      />
    )
  }
  return (
    <section className="stage" data-region tabIndex={-1} aria-label={t('room.stage')}>
      <div ref={ref} className={`stage-space stage-${plan.at}${upright ? ' stage-upright' : ''}`}>
        {stage.width === 0 ? null : (
          <PlannedTiles plan={plan} sized={sized} draw={draw} alone={alone} stripRef={stripRef} />
        )}
      </div>
      {plan.at === 'gallery' && plan.pages > 1 ? (
        <Pager page={plan.page} pages={plan.pages} onPage={setPage} />
      ) : null}
    </section>
  )
}

interface PlannedTilesProps {
  plan: StagePlan
  sized: Sized
  draw: (tile: TileId, size?: Size, className?: string) => ReactNode
  alone: ReactNode
  stripRef: RefCallback<HTMLElement>
}

function PlannedTiles({ plan, sized, draw, alone, stripRef }: PlannedTilesProps) {
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
    case 'pair':
      return list('tiles tiles-pair', [draw(plan.other), draw(plan.self, undefined, 'tile-floating')])
    case 'gallery':
      return list(
        'tiles',
        sized.map(({ tile, size }) => draw(tile, size)),
      )
    default:
      return (
        <>
          {list('tiles tiles-main', draw(plan.main))}
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
        </>
      )
  }
}

function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const { t } = useTranslation()
  return (
    <nav className="pager" aria-label={t('room.pageOf', { page: page + 1, pages })}>
      <IconButton label={t('room.previous')} disabled={page === 0} onPress={() => onPage(page - 1)}>
        <ChevronLeft aria-hidden />
      </IconButton>
      <span aria-live="polite">{t('room.pageOf', { page: page + 1, pages })}</span>
      <IconButton label={t('room.next')} disabled={page === pages - 1} onPress={() => onPage(page + 1)}>
        <ChevronRight aria-hidden />
      </IconButton>
    </nav>
  )
}
