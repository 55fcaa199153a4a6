/**
 * What a connection test sends: coloured noise that a camera never saw and hum that no microphone heard. Made to be hard
 * to compress, so that the test carries what a meeting would. Touches no device.
 */
const WIDTH = 640
const HEIGHT = 360
const GRAIN = 8
const FRAMES_PER_SECOND = 24

export interface TestMedia {
  readonly picture: MediaStreamTrack
  readonly sound: MediaStreamTrack
  stop(): void
}

/** To be called after a press, so that the browser lets the sound run. Throws where a page can make no media. */
export function testMedia(): TestMedia {
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = HEIGHT
  const context = canvas.getContext('2d')
  const [picture] = canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks()
  const audio = new AudioContext()
  const output = audio.createMediaStreamDestination()
  const [sound] = output.stream.getAudioTracks()
  if (!context || !picture || !sound) throw new Error('no synthetic media')
  const oscillator = audio.createOscillator()
  oscillator.connect(output)
  oscillator.start()
  const timer = setInterval(() => paintNoise(context), 1_000 / FRAMES_PER_SECOND)
  return {
    picture,
    sound,
    stop() {
      clearInterval(timer)
      picture.stop()
      sound.stop()
      void audio.close().catch(() => undefined)
    },
  }
}

function paintNoise(context: CanvasRenderingContext2D): void {
  for (let y = 0; y < HEIGHT; y += GRAIN) {
    for (let x = 0; x < WIDTH; x += GRAIN) {
      context.fillStyle = `hsl(${Math.floor(Math.random() * 360)} 60% 50%)`
      context.fillRect(x, y, GRAIN, GRAIN)
    }
  }
}
