/** Video tracks without cameras: painted portraits and a painted slide, so that screens look inhabited. */
const SCENES = [
  { wall: ['#c9b796', '#8f7a58'], coat: '#2f4a5c', skin: '#d9a583', hair: '#3a2a20' },
  { wall: ['#8aa39a', '#4c665d'], coat: '#6b3a2f', skin: '#8a5a3c', hair: '#1c1512' },
  { wall: ['#b8c2cf', '#6f7d90'], coat: '#3d4f3f', skin: '#e6bd9d', hair: '#a5793f' },
  { wall: ['#d9c9c0', '#9b7f75'], coat: '#54456b', skin: '#c18a63', hair: '#241a17' },
  { wall: ['#a9b48f', '#66734f'], coat: '#20303a', skin: '#f0cfb5', hair: '#7d7d7d' },
  { wall: ['#7f8b94', '#434d55'], coat: '#a2803f', skin: '#6f4630', hair: '#120e0c' },
] as const

function circle(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  rx: number,
  ry: number,
  fill: string,
): void {
  pen.fillStyle = fill
  pen.beginPath()
  pen.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2)
  pen.fill()
}

function portrait(
  pen: CanvasRenderingContext2D,
  width: number,
  height: number,
  number: number,
  time: number,
): void {
  const scene = SCENES[number % SCENES.length] ?? SCENES[0]
  const wall = pen.createLinearGradient(0, 0, width, height)
  wall.addColorStop(0, scene.wall[0])
  wall.addColorStop(1, scene.wall[1])
  pen.fillStyle = wall
  pen.fillRect(0, 0, width, height)
  pen.fillStyle = 'rgb(255 255 255 / 18%)'
  pen.fillRect(width * 0.08, 0, width * 0.17, height)
  const sway = Math.sin(time / 900 + number) * width * 0.006
  const x = width / 2 + sway
  const unit = height
  circle(pen, x, unit * 1.08, unit * 0.4, unit * 0.4, scene.coat)
  pen.fillStyle = scene.skin
  pen.fillRect(x - unit * 0.07, unit * 0.55, unit * 0.14, unit * 0.18)
  circle(pen, x, unit * 0.4, unit * 0.175, unit * 0.22, scene.hair)
  circle(pen, x, unit * 0.44, unit * 0.15, unit * 0.185, scene.skin)
}

function slide(pen: CanvasRenderingContext2D, width: number, height: number): void {
  pen.fillStyle = '#fbfaf6'
  pen.fillRect(0, 0, width, height)
  pen.fillStyle = '#1d4937'
  pen.font = '600 64px Georgia, serif'
  pen.fillText('Budget 2027', 90, 150)
  const heights = [220, 300, 260, 380, 430, 520]
  heights.forEach((tall, index) => {
    pen.fillStyle = index === 5 ? '#b5872f' : '#7f9c8c'
    pen.fillRect(110 + index * 185, height - 110 - tall, 120, tall)
  })
  pen.fillStyle = '#857f6c'
  pen.fillRect(90, height - 108, width - 180, 3)
}

/** A track that repaints itself four times a second. */
export function paintedTrack(what: number | 'slide'): MediaStreamTrack {
  const canvas = document.createElement('canvas')
  canvas.width = what === 'slide' ? 1280 : 640
  canvas.height = what === 'slide' ? 800 : 360
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('no canvas')
  const paint = () =>
    what === 'slide'
      ? slide(pen, canvas.width, canvas.height)
      : portrait(pen, canvas.width, canvas.height, what, performance.now())
  paint()
  setInterval(paint, 250)
  const [track] = canvas.captureStream(4).getVideoTracks()
  if (track === undefined) throw new Error('no track')
  return track
}
