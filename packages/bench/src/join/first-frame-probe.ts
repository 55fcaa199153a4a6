/**
 * Runs inside the joining page, before its scripts: notes when Join is pressed and when the first picture of somebody
 * else is on the screen, and how long the main thread was held up in between. Uses nothing outside its own body.
 */

export interface FirstFrame {
  /** From the click on Join to the first frame of another person's video. */
  ms: number
  /** The part of that time in which a task of more than 50 ms held the main thread, 0 to 1. */
  heldUp: number
}

export interface Probe {
  pressedAt: number | null
  firstFrameAt: number | null
  longTasks: { from: number; to: number }[]
}

/** Where the probe keeps its notes. */
export const PROBE = 'huisclosFirstFrame'

export function installFirstFrameProbe(name: string): void {
  const probe: Probe = { pressedAt: null, firstFrameAt: null, longTasks: [] }
  Object.assign(window, { [name]: probe })
  document.addEventListener(
    'click',
    ({ target }) => {
      const button = target instanceof Element ? target.closest('.prejoin button[type="submit"]') : null
      if (button) probe.pressedAt ??= performance.now()
    },
    { capture: true },
  )
  const watch = (video: HTMLVideoElement): void => {
    video.requestVideoFrameCallback((_now, frame) => {
      // Only frames that came over the network have an RTP timestamp: one's own picture does not count.
      if (frame.rtpTimestamp === undefined) watch(video)
      else probe.firstFrameAt ??= performance.now()
    })
  }
  const watched = new WeakSet<HTMLVideoElement>()
  new MutationObserver(() => {
    for (const video of document.querySelectorAll('video')) {
      if (watched.has(video)) continue
      watched.add(video)
      watch(video)
    }
  }).observe(document, { childList: true, subtree: true })
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      probe.longTasks.push({ from: startTime, to: startTime + duration })
  }).observe({ type: 'longtask', buffered: true })
}

/** In the page: what the probe has noted so far. */
export function readProbe(name: string): Probe | null {
  return (window as unknown as Record<string, Probe | undefined>)[name] ?? null
}

/** What the notes say; null before both moments are known. */
export function toFirstFrame({ pressedAt, firstFrameAt, longTasks }: Probe): FirstFrame | null {
  if (pressedAt === null || firstFrameAt === null) return null
  const ms = firstFrameAt - pressedAt
  const heldUpMs = longTasks.reduce(
    (sum, { from, to }) => sum + Math.max(0, Math.min(to, firstFrameAt) - Math.max(from, pressedAt)),
    0,
  )
  return { ms, heldUp: ms > 0 ? heldUpMs / ms : 1 }
}
