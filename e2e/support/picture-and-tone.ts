/**
 * The synthetic camera, microphone and screen of a test participant. The functions below run inside the page: each
 * participant sends a picture whose twelve cells spell its number and a tone of its own pitch, so that receivers can
 * check content instead of the mere presence of a track. They must not use anything outside their own body.
 */

/** What tells one synthetic source from another. `id` is 0 to 255; the picture spells it, `toneHz` is heard. */
export interface Signature {
  id: number
  toneHz: number
}

/** The camera and microphone of participant `n`. Tones are 180 Hz apart: far more than one analyser bin. */
export const cameraSignature = (n: number): Signature => ({ id: n + 1, toneHz: 420 + 180 * n })
/** The screen and its sound of participant `n`. */
export const screenSignature = (n: number): Signature => ({ id: 101 + n, toneHz: 2400 + 180 * n })

/** Runs before the page's own scripts: puts synthetic sources behind `navigator.mediaDevices`. */
export function installSyntheticMedia(camera: Signature, screen: Signature): void {
  const draw = (signature: Signature, width: number, height: number): MediaStreamTrack => {
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no canvas')
    // Eight bits of the number, then its low four bits inverted: a garbled picture does not pass for another one.
    const bits = (signature.id << 4) | (~signature.id & 0xf)
    let tick = 0
    const paint = (): void => {
      for (let cell = 0; cell < 12; cell++) {
        context.fillStyle = (bits >> (11 - cell)) & 1 ? '#fff' : '#000'
        context.fillRect(
          ((cell % 4) * width) / 4,
          (Math.floor(cell / 4) * height) / 3,
          width / 4 + 1,
          height / 3 + 1,
        )
      }
      tick += 1
      context.fillStyle = `hsl(${(tick * 12) % 360} 90% 50%)`
      context.fillRect((tick * 7) % width, height / 3 - 6, 24, 12)
    }
    paint()
    setInterval(paint, 250)
    const track = canvas.captureStream(4).getVideoTracks()[0]
    if (track === undefined) throw new Error('no canvas track')
    return track
  }
  const tone = (hz: number): MediaStreamTrack => {
    const context = new AudioContext({ sinkId: { type: 'none' }, latencyHint: 0.04 } as AudioContextOptions)
    const oscillator = context.createOscillator()
    oscillator.frequency.value = hz
    const volume = context.createGain()
    volume.gain.value = 0.4
    const out = context.createMediaStreamDestination()
    oscillator.connect(volume).connect(out)
    oscillator.start()
    void context.resume()
    const track = out.stream.getAudioTracks()[0]
    if (track === undefined) throw new Error('no tone')
    return track
  }
  const device = (kind: MediaDeviceKind, label: string): MediaDeviceInfo => ({
    kind,
    label,
    deviceId: `synthetic-${kind}`,
    groupId: 'synthetic',
    toJSON: () => ({ kind, label }),
  })
  const devices = navigator.mediaDevices
  devices.enumerateDevices = async () => [
    device('videoinput', 'Synthetic camera'),
    device('audioinput', 'Synthetic microphone'),
    device('audiooutput', 'Synthetic speaker'),
  ]
  devices.getUserMedia = async (wanted) => {
    const tracks: MediaStreamTrack[] = []
    if (wanted?.audio) tracks.push(tone(camera.toneHz))
    if (wanted?.video) tracks.push(draw(camera, 320, 180))
    return new MediaStream(tracks)
  }
  devices.getDisplayMedia = async () => new MediaStream([draw(screen, 480, 270), tone(screen.toneHz)])
}

/** In the page: the numbers that the pictures on screen spell, one entry a playing `<video>` (null: unreadable). */
export function readPictures(): { id: number | null; label: string; frames: number }[] {
  const canvas = document.createElement('canvas')
  canvas.width = 64
  canvas.height = 48
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return []
  return (
    [...document.querySelectorAll('video')]
      // The one that feeds picture-in-picture is not on screen.
      .filter((video) => video.srcObject !== null && video.videoWidth > 0 && !video.matches('.unseen'))
      .map((video) => {
        context.drawImage(video, 0, 0, 64, 48)
        let bits = 0
        for (let cell = 0; cell < 12; cell++) {
          const [r = 0, g = 0, b = 0] = context.getImageData(
            (cell % 4) * 16 + 8,
            Math.floor(cell / 4) * 16 + 8,
            1,
            1,
          ).data
          bits = (bits << 1) | (r + g + b > 384 ? 1 : 0)
        }
        const id = bits >> 4
        const label = video.closest('[data-person]')?.getAttribute('data-person') ?? ''
        return {
          id: (~id & 0xf) === (bits & 0xf) ? id : null,
          label,
          frames: video.getVideoPlaybackQuality().totalVideoFrames,
        }
      })
  )
}

/** In the page: the loudest pitch of each remote sound being played, in Hz, 0 for silence. */
export async function readTones(): Promise<number[]> {
  const context = new AudioContext({ sinkId: { type: 'none' }, latencyHint: 0.04 } as AudioContextOptions)
  await context.resume()
  const elements = [...document.querySelectorAll('audio, video')] as HTMLMediaElement[]
  const streams = elements
    .filter((element) => !element.muted)
    .map((element) => element.srcObject)
    .filter(
      (source): source is MediaStream => source instanceof MediaStream && source.getAudioTracks().length > 0,
    )
  const analysers = streams.map((stream) => {
    const analyser = context.createAnalyser()
    analyser.fftSize = 8192
    context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(analyser)
    return analyser
  })
  await new Promise((resolve) => setTimeout(resolve, 700))
  const pitches = analysers.map((analyser) => {
    const spectrum = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(spectrum)
    let peak = 0
    for (let bin = 1; bin < spectrum.length; bin++)
      if ((spectrum[bin] ?? -999) > (spectrum[peak] ?? -999)) peak = bin
    return (spectrum[peak] ?? -999) < -70 ? 0 : (peak * context.sampleRate) / analyser.fftSize
  })
  await context.close()
  return pitches
}

export interface Hop {
  cipher: string
  protocol: string
  state: string
}

/** Runs before the page's own scripts: keeps each RTCPeerConnection, so that its statistics can be read. */
export function keepConnections(): void {
  const kept: RTCPeerConnection[] = []
  Object.assign(window, { keptConnections: kept })
  const Native = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      kept.push(this)
    }
  }
}

/** In the page: cipher and transport protocol of each open connection to the server, by the browser's own statistics. */
export async function readHops(): Promise<Hop[]> {
  const kept = (window as unknown as { keptConnections: RTCPeerConnection[] }).keptConnections
  const hops: Hop[] = []
  for (const connection of kept.filter((one) => one.connectionState !== 'closed')) {
    const report = [...(await connection.getStats()).values()] as Record<string, unknown>[]
    const transport = report.find((entry) => entry['type'] === 'transport')
    const pair = report.find(
      (entry) =>
        entry['type'] === 'candidate-pair' &&
        (entry['id'] === transport?.['selectedCandidatePairId'] || entry['selected'] === true),
    )
    const local = report.find((entry) => entry['id'] === pair?.['localCandidateId'])
    hops.push({
      cipher: String(transport?.['srtpCipher'] ?? ''),
      protocol: String(local?.['protocol'] ?? ''),
      state: connection.connectionState,
    })
  }
  return hops
}

/** Runs before the page's own scripts: keeps each worker's last report of frames, so that a failing test can say why. */
export function keepFrameReports(): void {
  const kept: { faults: number; counts: unknown }[] = []
  Object.assign(window, { keptReports: kept })
  const Native = window.Worker
  window.Worker = class extends Native {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      const record = { faults: 0, counts: null as unknown }
      kept.push(record)
      this.addEventListener('message', ({ data }: MessageEvent<{ t?: string; counts?: unknown }>) => {
        if (data?.t === 'report') record.counts = data.counts
        if (data?.t === 'fault') record.faults += 1
      })
    }
  }
}

/** In the page: what arrives, what the frame worker opened of it, and which sounds are on the page. */
export async function describeMedia(): Promise<string> {
  const kept = window as unknown as {
    keptConnections: RTCPeerConnection[]
    keptReports: { counts: unknown }[]
  }
  const inbound: unknown[] = []
  for (const connection of kept.keptConnections.filter((one) => one.connectionState !== 'closed')) {
    for (const entry of [...(await connection.getStats()).values()] as Record<string, unknown>[]) {
      if (entry['type'] !== 'inbound-rtp') continue
      const { kind, mid, packetsReceived, framesDecoded, jitterBufferEmittedCount } = entry
      inbound.push({ kind, mid, packetsReceived, framesDecoded, jitterBufferEmittedCount })
    }
  }
  const sounds = [...document.querySelectorAll('audio')].map((element) => {
    const tracks = element.srcObject instanceof MediaStream ? element.srcObject.getTracks() : []
    return {
      paused: element.paused,
      tracks: tracks.map(({ id, readyState, muted }) => ({ id, readyState, muted })),
    }
  })
  return JSON.stringify({
    inbound,
    sounds,
    workers: kept.keptReports.filter(({ counts }) => counts !== null),
  })
}
