/**
 * What the page that opens recordings shows and plays, read from the elements themselves. The functions run inside the
 * page and use nothing outside their own body.
 */
import type { TestPage } from './browsers.ts'
import type { MadeFile } from './made-recording.ts'

/** In the page: drops files on the place with that number, as a person's drop arrives. */
function dropHere(files: MadeFile[], place: number): void {
  const transfer = new DataTransfer()
  for (const { name, data } of files)
    transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name))
  const target = document.querySelectorAll('.drop')[place]
  target?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }))
}

export const drop = (page: TestPage, files: MadeFile[], place: number): Promise<void> =>
  page.evaluate(dropHere, files, place)

/** In the page: the number that each tile's picture spells (see picture-and-tone.ts), -1 unreadable, null without one. */
export function picturesShown(): Record<string, number | null> {
  const canvas = document.createElement('canvas')
  canvas.width = 64
  canvas.height = 48
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const shown: Record<string, number | null> = {}
  for (const tile of document.querySelectorAll('.player-tile')) {
    const video = tile.querySelector('video')
    const name = tile.getAttribute('data-file') ?? ''
    if (video === null || tile.matches('.player-tile-bare')) {
      shown[name] = null
      continue
    }
    context?.drawImage(video, 0, 0, 64, 48)
    let bits = 0
    for (let cell = 0; cell < 12; cell++) {
      const [r = 0, g = 0, b = 0] =
        context?.getImageData((cell % 4) * 16 + 8, Math.floor(cell / 4) * 16 + 8, 1, 1).data ?? []
      bits = (bits << 1) | (r + g + b > 384 ? 1 : 0)
    }
    const id = bits >> 4
    shown[name] = (~id & 0xf) === (bits & 0xf) ? id : -1
  }
  return shown
}

/** In the page: pitches that are played, in Hz by file, 0 for silence; and how far the players lie apart, in ms. */
export async function soundsPlayed(): Promise<{ tones: Record<string, number>; apartMs: number }> {
  const context = new AudioContext()
  await context.resume()
  const videos = [...document.querySelectorAll<HTMLVideoElement>('.player-tile video')]
  const analysers = videos.map((video) => {
    const analyser = context.createAnalyser()
    analyser.fftSize = 8192
    const { captureStream } = video as unknown as { captureStream: () => MediaStream }
    context.createMediaStreamSource(captureStream.call(video)).connect(analyser)
    return analyser
  })
  let apartMs = 0
  for (let i = 0; i < 6; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const times = videos.map((video) => video.currentTime * 1000)
    apartMs = Math.max(apartMs, Math.max(...times) - Math.min(...times))
  }
  const tones: Record<string, number> = {}
  for (const [i, analyser] of analysers.entries()) {
    const spectrum = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(spectrum)
    const peak = spectrum.indexOf(Math.max(...spectrum))
    const name = videos[i]?.closest('.player-tile')?.getAttribute('data-file') ?? ''
    tones[name] = (spectrum[peak] ?? -999) < -60 ? 0 : (peak * context.sampleRate) / analyser.fftSize
  }
  await context.close()
  return { tones, apartMs }
}

/** In the page: moves to a second, as dragging the slider does. */
export function moveTo(second: number): void {
  const slider = document.querySelector<HTMLInputElement>('.slider')
  if (slider === null) return
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') ?? {}
  set?.call(slider, String(second * 1000))
  slider.dispatchEvent(new Event('input', { bubbles: true }))
}
