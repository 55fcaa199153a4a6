/**
 * The composed file [REC5]: ffmpeg's arguments for a gallery of all people and screens, with everybody's sound mixed.
 * Only the words for ffmpeg; who runs it is node/run-ffmpeg.ts.
 */
import type { WrittenFile } from './report.ts'

const WIDTH = 1280
const HEIGHT = 720
const FPS = 25

/** `path` of a written file. The result has the length of the recording. */
export function composeArguments(
  files: WrittenFile[],
  durationUs: number,
  path: (name: string) => string,
  output: string,
): string[] {
  const seconds = (durationUs / 1e6).toFixed(3)
  const startOf = ({ tracks }: WrittenFile) => Math.min(...tracks.map(({ firstUs }) => firstUs)) / 1e6
  const inputs = files.flatMap((file) => ['-itsoffset', startOf(file).toFixed(6), '-i', path(file.name)])
  const pictures = files.flatMap((file, i) => (file.tracks.some(({ kind }) => kind === 'video') ? [i] : []))
  const sounds = files.flatMap((file, i) => (file.tracks.some(({ kind }) => kind === 'audio') ? [i] : []))
  const graph = [...pictureGraph(pictures, seconds), ...soundGraph(sounds, seconds)]
  const codecs = output.endsWith('.mp4') ? MP4 : WEBM
  const sound = ['-map', '[sound]', ...codecs.sound]
  const head = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', ...inputs]
  return [
    ...head,
    '-filter_complex',
    graph.join(';'),
    '-map',
    '[picture]',
    ...codecs.picture,
    ...sound,
    '-t',
    seconds,
    output,
  ]
}

const WEBM = {
  picture: ['-c:v', 'libvpx', '-b:v', '1500k', '-deadline', 'realtime', '-cpu-used', '8'],
  sound: ['-c:a', 'libopus', '-b:a', '96k'],
}
const MP4 = {
  picture: ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-pix_fmt', 'yuv420p'],
  sound: ['-c:a', 'aac', '-b:a', '128k'],
}

/** Each picture on a place of its own in a grid as square as it goes, over black. */
function pictureGraph(inputs: number[], seconds: string): string[] {
  const columns = Math.max(1, Math.ceil(Math.sqrt(inputs.length)))
  const rows = Math.max(1, Math.ceil(inputs.length / columns))
  const [w, h] = [even(WIDTH / columns), even(HEIGHT / rows)]
  const ground = `color=black:s=${WIDTH}x${HEIGHT}:r=${FPS}:d=${seconds}[g0]`
  const steps = inputs.flatMap((input, i) => {
    const fit = `scale=${w}:${h}:force_original_aspect_ratio=decrease,pad=${w}:${h}:-1:-1:black,setsar=1`
    const [x, y] = [(i % columns) * w, Math.floor(i / columns) * h]
    return [`[${input}:v]${fit}[v${i}]`, `[g${i}][v${i}]overlay=${x}:${y}:eof_action=pass[g${i + 1}]`]
  })
  return [ground, ...steps, `[g${inputs.length}]format=yuv420p[picture]`]
}

function soundGraph(inputs: number[], seconds: string): string[] {
  const silence = `anullsrc=r=48000:cl=stereo:d=${seconds}[s0]`
  const each = inputs.map((input, i) => `[${input}:a]aresample=48000:async=1:first_pts=0[s${i + 1}]`)
  const all = [silence, ...each].map((_, i) => `[s${i}]`).join('')
  return [silence, ...each, `${all}amix=inputs=${inputs.length + 1}:normalize=0:duration=first[sound]`]
}

const even = (value: number) => Math.floor(value / 2) * 2
