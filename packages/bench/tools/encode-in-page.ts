/**
 * Runs inside a page of Chromium: draws and encodes a moving picture and a sound with WebCodecs, and decodes what came
 * out. Its functions travel as text: they use nothing outside their own bodies.
 */

export interface PictureWish {
  width: number
  height: number
  frames: number
  framesPerSecond: number
  /** In bit/s. */
  bitrate: number
  /** Every so many frames a key frame, beginning with the first. */
  keyEvery: number
}

/** VP8 frames in base64, in order. @throws Error when the encoder dropped frames or put key frames elsewhere */
export async function encodePicture(wish: PictureWish): Promise<string[]> {
  const { width, height, frames, framesPerSecond, bitrate, keyEvery } = wish
  const chunks: { key: boolean; data: string }[] = []
  const failures: unknown[] = []
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength)
      chunk.copyTo(bytes)
      chunks.push({ key: chunk.type === 'key', data: btoa(String.fromCharCode(...bytes)) })
    },
    error: (error) => failures.push(error),
  })
  const pace = { bitrateMode: 'constant', latencyMode: 'quality' } as const
  encoder.configure({ codec: 'vp8', width, height, bitrate, framerate: framesPerSecond, ...pace })
  const canvas = new OffscreenCanvas(width, height)
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  const draw = (turn: number): void => {
    const wall = pen.createLinearGradient(0, 0, width, height)
    wall.addColorStop(0, `hsl(${200 + 20 * Math.sin(turn)} 40% 35%)`)
    wall.addColorStop(1, 'hsl(30 40% 60%)')
    pen.fillStyle = wall
    pen.fillRect(0, 0, width, height)
    // Books behind a head that sways and speaks: edges, fine texture, and a part that moves.
    for (let book = 0; book < 24; book += 1) {
      pen.fillStyle = `hsl(${(book * 47) % 360} 50% ${30 + ((book * 13) % 40)}%)`
      pen.fillRect((book * width) / 24, height * 0.08, width / 30, height * (0.2 + ((book * 7) % 5) / 40))
    }
    const x = width * (0.5 + 0.12 * Math.sin(turn))
    const y = height * (0.5 + 0.04 * Math.sin(2 * turn))
    const oval = (color: string, cx: number, cy: number, rx: number, ry: number): void => {
      pen.fillStyle = color
      pen.beginPath()
      pen.ellipse(cx, cy, rx, ry, 0, 0, 2 * Math.PI)
      pen.fill()
    }
    oval('#345', x, height * 1.05, width * 0.28, height * 0.36)
    oval('#c96', x, y, width * 0.12, height * 0.27)
    oval('#222', x - width * 0.045, y - height * 0.06, width * 0.012, height * 0.02)
    oval('#222', x + width * 0.045, y - height * 0.06, width * 0.012, height * 0.02)
    oval('#822', x, y + height * 0.12, width * 0.04, height * (0.015 + 0.025 * Math.abs(Math.sin(8 * turn))))
  }
  for (let at = 0; at < frames; at += 1) {
    // One whole turn, so that the loop closes.
    draw((2 * Math.PI * at) / frames)
    const frame = new VideoFrame(canvas, { timestamp: Math.round((at * 1e6) / framesPerSecond) })
    encoder.encode(frame, { keyFrame: at % keyEvery === 0 })
    frame.close()
    while (encoder.encodeQueueSize > 2) await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await encoder.flush()
  encoder.close()
  if (failures.length > 0) throw failures[0]
  const asWished = chunks.every(({ key }, at) => key === (at % keyEvery === 0))
  if (chunks.length !== frames || !asWished)
    throw new Error(`${chunks.length} of ${frames} frames, or stray keys`)
  return chunks.map(({ data }) => data)
}

export interface SoundWish {
  packets: number
  /** In bit/s, constant. */
  bitrate: number
}

/** Opus packets of 20 ms, mono, in base64: a voice-like hum whose pitch goes up and down once. */
export async function encodeSound({ packets, bitrate }: SoundWish): Promise<string[]> {
  const rate = 48_000
  const size = rate / 50
  const out: string[] = []
  const failures: unknown[] = []
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength)
      chunk.copyTo(bytes)
      out.push(btoa(String.fromCharCode(...bytes)))
    },
    error: (error) => failures.push(error),
  })
  const opus = { application: 'voip', frameDuration: 20_000, usedtx: false, useinbandfec: false } as const
  const basics = {
    codec: 'opus',
    sampleRate: rate,
    numberOfChannels: 1,
    bitrate,
    bitrateMode: 'constant',
  } as const
  // TypeScript's DOM does not know `application` and `opus` yet.
  encoder.configure({ ...basics, opus } as AudioEncoderConfig)
  let phase = 0
  for (let packet = 0; packet < packets; packet += 1) {
    const samples = new Float32Array(size)
    for (let at = 0; at < size; at += 1) {
      const seconds = (packet * size + at) / rate
      phase += (2 * Math.PI * (160 + 40 * Math.sin((2 * Math.PI * packet) / packets))) / rate
      const syllables = 0.5 + 0.5 * Math.sin(2 * Math.PI * 4 * seconds)
      const tone = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.3 * Math.sin(5 * phase)
      samples[at] = 0.25 * syllables * tone
    }
    const shape = { format: 'f32', sampleRate: rate, numberOfChannels: 1, numberOfFrames: size } as const
    const data = new AudioData({ ...shape, timestamp: packet * 20_000, data: samples })
    encoder.encode(data)
    data.close()
  }
  await encoder.flush()
  encoder.close()
  if (failures.length > 0) throw failures[0]
  return out
}

/** How many pictures come out of these VP8 frames (base64), all of that size. @throws Error when one does not decode */
export async function decodePicture(frames: string[], keyEvery: number, width: number): Promise<number> {
  let good = 0
  const failures: unknown[] = []
  const decoder = new VideoDecoder({
    output: (frame) => {
      if (frame.displayWidth === width) good += 1
      frame.close()
    },
    error: (error) => failures.push(error),
  })
  decoder.configure({ codec: 'vp8' })
  frames.forEach((frame, at) => {
    const data = Uint8Array.from(atob(frame), (letter) => letter.charCodeAt(0))
    decoder.decode(
      new EncodedVideoChunk({ type: at % keyEvery === 0 ? 'key' : 'delta', timestamp: at * 1000, data }),
    )
  })
  await decoder.flush()
  decoder.close()
  if (failures.length > 0) throw failures[0]
  return good
}

/** How many samples a channel come out of these Opus packets (base64). */
export async function decodeSound(packets: string[]): Promise<number> {
  let samples = 0
  const failures: unknown[] = []
  const decoder = new AudioDecoder({
    output: (data) => {
      samples += data.numberOfFrames
      data.close()
    },
    error: (error) => failures.push(error),
  })
  decoder.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 })
  packets.forEach((packet, at) => {
    const data = Uint8Array.from(atob(packet), (letter) => letter.charCodeAt(0))
    decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: at * 20_000, data }))
  })
  await decoder.flush()
  decoder.close()
  if (failures.length > 0) throw failures[0]
  return samples
}
