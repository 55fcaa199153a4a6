/** A text as a QR code, drawn as one SVG path (never as markup from a string, WEB1). Always dark on light: scanners want it so. */
import { encode } from 'uqr'

export function QrCode({ text, label }: { text: string; label: string }) {
  const code = encode(text, { ecc: 'M', border: 3 })
  const path = code.data
    .flatMap((line, y) => line.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${code.size} ${code.size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={code.size} height={code.size} fill="#fffdf7" />
      <path d={path} fill="#16221c" />
    </svg>
  )
}
