/**
 * Sound that stays in the page: how loud a microphone is, and the speaker's test tone. Nothing is recorded or kept.
 */

/** Loudness of a track as 0..1 on a scale that follows hearing: −60 dBFS is 0, −10 dBFS is 1. */
export function levelOf(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const rms = Math.sqrt(sum / Math.max(1, samples.length))
  const decibels = 20 * Math.log10(Math.max(rms, 1e-6))
  return Math.min(1, Math.max(0, (decibels + 60) / 50))
}

export interface Meter {
  /** The level of the last 50 ms, 0..1; exactly 0 for digital silence; null while the browser does not listen. */
  read(): number | null
  stop(): void
}

const METER_SAMPLES = 2_048
/** Listens and plays nothing: without an output device it costs half. Where that is unknown, it is ignored. */
const LISTENING: AudioContextOptions & { sinkId: { type: 'none' } } = {
  sinkId: { type: 'none' },
  latencyHint: 0.04,
}

/** Listens to a clone, so that the original may be muted while one still notices that somebody talks. */
export function meter(track: MediaStreamTrack): Meter {
  const context = new AudioContext(LISTENING)
  const heard = track.clone()
  heard.enabled = true
  const source = context.createMediaStreamSource(new MediaStream([heard]))
  const analyser = context.createAnalyser()
  analyser.fftSize = METER_SAMPLES
  source.connect(analyser)
  const samples = new Float32Array(METER_SAMPLES)
  // Without a gesture the context may begin suspended; the first one in the page lets it run.
  const resume = () => void context.resume().catch(() => undefined)
  for (const gesture of ['pointerdown', 'keydown'] as const)
    addEventListener(gesture, resume, { passive: true })
  resume()
  return {
    read() {
      // Held back until a gesture, or asleep: that is no silence.
      if (context.state !== 'running') return null
      analyser.getFloatTimeDomainData(samples)
      return levelOf(samples)
    },
    stop() {
      for (const gesture of ['pointerdown', 'keydown'] as const) removeEventListener(gesture, resume)
      heard.stop()
      void context.close().catch(() => undefined)
    },
  }
}

/** Whether this browser can play on a chosen output. */
export const canChooseSpeaker = (): boolean => 'setSinkId' in HTMLMediaElement.prototype

const TONE_SECONDS = 0.9

/** Two soft notes on a speaker; resolves when they have ended. Never rejects: silence is the answer then. */
export async function playTestTone(speakerId: string): Promise<void> {
  const context = new AudioContext()
  try {
    const output = context.createMediaStreamDestination()
    const player = new Audio()
    player.srcObject = output.stream
    if (speakerId !== '' && canChooseSpeaker()) await player.setSinkId(speakerId)
    for (const [hertz, at] of [
      [523.25, 0],
      [659.25, 0.35],
    ] as const)
      playNote(context, output, hertz, at)
    await context.resume()
    await player.play()
    await new Promise((ended) => setTimeout(ended, TONE_SECONDS * 1_000))
    player.pause()
  } catch {
    // No output, or playing is not allowed: the person hears nothing, which is what was tested.
  } finally {
    await context.close().catch(() => undefined)
  }
}

function playNote(context: AudioContext, output: AudioNode, hertz: number, at: number): void {
  const note = context.createOscillator()
  const volume = context.createGain()
  const start = context.currentTime + at
  note.frequency.value = hertz
  volume.gain.setValueAtTime(0, start)
  volume.gain.linearRampToValueAtTime(0.2, start + 0.03)
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5)
  note.connect(volume).connect(output)
  note.start(start)
  note.stop(start + 0.5)
}
