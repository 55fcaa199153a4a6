/** The stage: lays the tiles out, pages the gallery, keeps the filmstrip, and asks the server for no more than is shown. */
import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import { pageSize } from './grid.ts'
import { Pager } from './Pager.tsx'
import { SeparatePicture } from './SeparatePicture.tsx'
import { StageTiles } from './StageTiles.tsx'
import type { Speaking } from './speaking.ts'
import type { SizedTile } from './stage-measure.ts'
import { GAP_PX, measureTiles } from './stage-measure.ts'
import type { StagePlan, StageWishes, TileId } from './stage-plan.ts'
import { pictureInPictureTile, planStage, sameTile, tileKey } from './stage-plan.ts'
import { Tile } from './Tile.tsx'
import type { RoomViewControls } from './use-room-view.ts'
import type { Size } from './use-size.ts'
import { useSize } from './use-size.ts'
import { useStripView } from './use-strip-view.ts'
import { useSwipe } from './use-swipe.ts'
import { useWants } from './use-wants.ts'
import './stage.css'

export interface StageProps {
  call: CallPort
  controls: RoomViewControls
  speaking: Speaking
  /** Whom a host has put before everybody. */
  spotlight: number | null
  /** Shown on the stage of somebody who is alone. */
  alone: ReactNode
}

/** As large as the separate window usually is: its width is asked for whatever the page shows. */
const SEPARATE_WIDTH_PX = 420

/** Widths of what is on screen: all but the tiles that the filmstrip has scrolled away. */
function widthsOf(plan: StagePlan, sized: readonly SizedTile[], inView: ReadonlySet<string>) {
  const isShown = (tile: TileId) =>
    plan.at !== 'focus' || plan.mains.some((main) => sameTile(main, tile)) || inView.has(tileKey(tile))
  return new Map(
    sized.filter(({ tile }) => isShown(tile)).map(({ tile, size }) => [tileKey(tile), size.width]),
  )
}

export function Stage({ call, controls, speaking, spotlight, alone }: StageProps) {
  const { t } = useTranslation()
  const { people } = useStore(call.meeting)
  const { cameraTrack } = useStore(call.devices)
  const [ref, stage] = useSize()
  const [page, setPage] = useState(0)
  const [stripRef, inView] = useStripView()
  const { look, pins, separate } = controls
  const present = (leaf: number) => people.some((person) => person.leaf === leaf)
  const wishes: StageWishes = {
    layout: look.layout,
    pins,
    spotlight,
    speaker: speaking.holders.find(present) ?? null,
    selfView: look.selfView,
    page,
    perPage: pageSize(stage.width, stage.height, look.mostTiles, GAP_PX),
  }
  const plan = planStage(people, wishes)
  const upright = stage.width < stage.height * 1.05
  const sized = measureTiles(plan, stage, upright)
  const apart = separate.possible ? pictureInPictureTile(people, wishes) : null
  const separateWidths = new Map(separate.on && apart !== null ? [[tileKey(apart), SEPARATE_WIDTH_PX]] : [])
  useWants(call.meeting, people, { page: widthsOf(plan, sized, inView), separate: separateWidths })
  const turn = usePages(plan, setPage, controls)
  const swipe = useSwipe(turn)
  const choice = plan.at === 'gallery' || plan.at === 'focus'
  const draw = (tile: TileId, size?: Size, className?: string) => {
    const person = people.find((one) => one.leaf === tile.leaf)
    if (person === undefined) return null
    const pinned = pins.some((pin) => sameTile(pin, tile))
    return (
      <Tile
        key={tileKey(tile)}
        tile={tile}
        person={person}
        speaking={speaking.leaves.has(tile.leaf)}
        pinned={pinned}
        spotlit={tile.kind === 'person' && tile.leaf === spotlight}
        mirror={look.mirror}
        selfTrack={look.selfView ? cameraTrack : null}
        {...(choice ? { onPin: () => controls.togglePin(tile) } : {})}
        small={className === 'tile-floating'}
        {...(size === undefined ? {} : { size })}
        {...(className === undefined ? {} : { className })}
      />
    )
  }
  return (
    <section className="stage" data-region tabIndex={-1} aria-label={t('room.stage')}>
      <div
        ref={ref}
        className={`stage-space stage-${plan.at}${upright ? ' stage-upright' : ''}`}
        {...(plan.at === 'gallery' && plan.pages > 1 ? swipe : {})}
      >
        {stage.width === 0 ? null : (
          <StageTiles plan={plan} sized={sized} draw={draw} alone={alone} stripRef={stripRef} />
        )}
      </div>
      {plan.at === 'gallery' && plan.pages > 1 ? (
        <Pager page={plan.page} pages={plan.pages} onTurn={turn} />
      ) : null}
      {apart === null ? null : (
        <SeparatePicture call={call} separate={separate} tile={apart} people={people} speaking={speaking} />
      )}
    </section>
  )
}

/** Turns pages within their bounds, here and for the keys. */
function usePages(plan: StagePlan, setPage: (page: number) => void, { turnPage }: RoomViewControls) {
  const turn = (step: 1 | -1) => {
    if (plan.at !== 'gallery') return
    setPage(Math.min(Math.max(0, plan.page + step), plan.pages - 1))
  }
  useEffect(() => {
    turnPage.current = turn
  })
  return turn
}
