/**
 * Picture in picture (PIC5): a small window above all others. A document's own where the browser makes one, otherwise
 * that of a video element. Both need a gesture; either may be closed from outside.
 */
import type { RefObject } from 'react'
import { useCallback, useEffect, useRef, useState } from 'react'

interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>
}

export interface SeparateWindow {
  /** False in Firefox, whose own button on each picture does it. */
  readonly possible: boolean
  readonly on: boolean
  /** Drawn into where the browser makes windows of documents. */
  readonly window: Window | null
  /** True where it does not, but lifts a picture out: `video` then holds one. */
  readonly byVideo: boolean
  readonly video: RefObject<HTMLVideoElement | null>
  readonly toggle: () => void
}

const SIZE_PX = { width: 420, height: 280 }

const documentWindows = (): DocumentPictureInPicture | null =>
  'documentPictureInPicture' in globalThis
    ? (globalThis as unknown as { documentPictureInPicture: DocumentPictureInPicture })
        .documentPictureInPicture
    : null

/** The new window looks like the room: same styles, same scene, same language. */
function dress(target: Window): void {
  for (const sheet of document.head.querySelectorAll<HTMLElement>('link[rel=stylesheet], style')) {
    const copy = target.document.importNode(sheet, true)
    if (sheet instanceof HTMLLinkElement) copy.setAttribute('href', sheet.href)
    target.document.head.append(copy)
  }
  const { documentElement } = target.document
  documentElement.lang = document.documentElement.lang
  documentElement.dataset['scene'] = 'room'
  target.document.title = document.title
}

export function useSeparateWindow(): SeparateWindow {
  const [opened, setOpened] = useState<Window | null>(null)
  const [floating, setFloating] = useState(false)
  const video = useRef<HTMLVideoElement>(null)
  const windows = documentWindows()
  useEffect(() => () => opened?.close(), [opened])
  useEffect(() => {
    const left = () => setFloating(false)
    document.addEventListener('leavepictureinpicture', left, true)
    return () => document.removeEventListener('leavepictureinpicture', left, true)
  }, [])
  const openWindow = useCallback(async (from: DocumentPictureInPicture) => {
    const target = await from.requestWindow(SIZE_PX)
    dress(target)
    target.addEventListener('pagehide', () => setOpened(null), { once: true })
    setOpened(target)
  }, [])
  const openVideo = useCallback(async () => {
    if (video.current === null) return
    setFloating(true)
    await startFloating(video.current).catch(() => setFloating(false))
  }, [])
  const toggle = () => {
    if (opened !== null) opened.close()
    else if (floating) void document.exitPictureInPicture().catch(() => setFloating(false))
    // Refused by the browser: nothing opened, nothing to say.
    else void (windows === null ? openVideo() : openWindow(windows)).catch(() => undefined)
  }
  const byVideo = windows === null && document.pictureInPictureEnabled === true
  return {
    possible: windows !== null || byVideo,
    byVideo,
    on: opened !== null || floating,
    window: opened,
    video,
    toggle,
  }
}

/** A picture that was not on screen comes within a moment; the gesture is good for about as long. */
async function startFloating(video: HTMLVideoElement): Promise<void> {
  if (video.readyState < HTMLMediaElement.HAVE_METADATA) {
    await new Promise((resolve) => video.addEventListener('loadedmetadata', resolve, { once: true }))
  }
  await video.requestPictureInPicture()
}
