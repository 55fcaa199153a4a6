/** For tests: participants without a browser who play a tone into a meeting, and what one hears of another. */
import type { EncodedTrack } from '@huisclos/node-media'
import type { Meeting, MeetingView, Source } from '@huisclos/participant'
import { makeCodec } from '../audio/voice-codec.ts'
import { VoiceOut } from '../meeting/voice-out.ts'
import { toneAmplitude } from './tone.ts'

const RATE = 16_000
const FRAME = 320
const FRAME_MS = 20
/** What is judged: the last half second. */
const HEARD = RATE / 2

/** A microphone that plays one tone, until it is told to stop. */
export async function playTone(meeting: Meeting<EncodedTrack>, hertz: number): Promise<() => void> {
  const voice = new VoiceOut()
  const begun = performance.now()
  let at = 0
  const timer = setInterval(() => {
    while (at * FRAME_MS < performance.now() - begun) {
      const from = at++ * FRAME
      voice.speak(
        Int16Array.from({ length: FRAME }, (_, i) =>
          Math.round(6000 * Math.sin((2 * Math.PI * hertz * (from + i)) / RATE)),
        ),
      )
    }
  }, FRAME_MS / 2)
  await meeting.publish('microphone', voice.track)
  return () => clearInterval(timer)
}

type Person = MeetingView<EncodedTrack>['people'][number]

export interface Ear {
  /** Amplitude of one frequency in the last half second. */
  hears(hertz: number): number
  /** Frames heard so far. */
  readonly frames: number
  close(): void
}

/** What a participant hears, decrypted and decoded, of one source of whoever `who` picks. */
export function listenTo(
  meeting: Meeting<EncodedTrack>,
  who: (person: Person) => boolean,
  source: Source,
  onFrame: (data: Uint8Array) => void = () => undefined,
): Ear {
  const codec = makeCodec('opus')
  let samples: number[] = []
  let frames = 0
  let track: EncodedTrack | null = null
  const follow = () => {
    const streams = meeting.view.people.find(who)?.streams
    const now = streams?.find((stream) => stream.source === source)?.track ?? null
    if (now === track || !now) return
    track = now
    now.subscribe(({ data }) => {
      onFrame(data)
      frames += 1
      samples = [...samples, ...(codec.decode(data) ?? [])].slice(-HEARD)
    })
  }
  const close = meeting.subscribe(follow)
  follow()
  return {
    hears: (hertz) => (samples.length < HEARD ? 0 : toneAmplitude(samples, hertz, RATE)),
    get frames() {
      return frames
    },
    close,
  }
}

export const isBridge = ({ bridge }: Person): boolean => bridge !== undefined
