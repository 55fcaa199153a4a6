/**
 * When pictures of others arrive: a watch inside the page notes each new frame of each tile, so that the gap around a
 * fault is known to some 40 ms. The functions run inside the page and use nothing outside their own body.
 */
import type { Guest } from './guest.ts'

/** Runs before the page's own scripts. Keeps Unix ms of new frames by the name under the tile. */
function watchPictures(): void {
  const kept = new Map<string, { frames: number; at: number[] }>()
  Object.assign(window, { keptPictures: kept })
  setInterval(() => {
    for (const tile of document.querySelectorAll('.tile:not(.tile-screen)')) {
      const name = tile.querySelector('.tile-name-text')?.textContent?.trim() ?? ''
      const frames = tile.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0
      const watched = kept.get(name) ?? { frames: 0, at: [] }
      kept.set(name, watched)
      if (frames !== watched.frames && frames > 0) watched.at.push(Date.now())
      watched.frames = frames
    }
  }, 40)
}

/** In the page: when the first new frame of that person after `since` was there; 0 for not yet. Unix ms. */
const firstFrameSince = (name: string, since: number): number =>
  (window as unknown as { keptPictures: Map<string, { at: number[] }> }).keptPictures
    .get(name)
    ?.at.find((at) => at > since) ?? 0

export const watchPicturesOf = (guest: Guest): Promise<void> => guest.page.beforeScripts(watchPictures)

/** Ms from `since` until every one of `pairs` [who looks, at whom] had a new frame. */
export async function pictureGapMs(
  pairs: readonly (readonly [Guest, Guest])[],
  since: number,
): Promise<number> {
  const firsts = await Promise.all(
    pairs.map(([from, at]) =>
      from.page.until(`${from.name} sees ${at.name} again`, firstFrameSince, at.name, since),
    ),
  )
  return Math.max(...firsts) - since
}
