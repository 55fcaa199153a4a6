/**
 * The mark: the two leaves of a closed door and one brass keyhole where they meet. Open, the leaves stand apart and
 * there is nothing to lock: the sign that something is wrong.
 */
const CLOSED = ['M5 29V13.4C5 8 9.3 3.6 15 3V29Z', 'M27 29V13.4C27 8 22.7 3.6 17 3V29Z'] as const
const OPEN = ['M3 30V14C3 9 6.2 5 11 3.6V26.5Z', 'M29 30V14C29 9 25.8 5 21 3.6V26.5Z'] as const
const KEYHOLE = 'M16 12.4a3.6 3.6 0 0 1 1.9 6.66l1 5.34h-5.8l1-5.34A3.6 3.6 0 0 1 16 12.4Z'

export interface MarkProps {
  size?: number
  open?: boolean
}

/** Decoration: words stand beside it wherever it is used. */
export function Mark({ size = 32, open = false }: MarkProps) {
  const [left, right] = open ? OPEN : CLOSED
  return (
    <svg
      className="mark"
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="currentColor"
      aria-hidden="true"
    >
      <path d={left} />
      <path d={right} />
      {open ? null : <path className="mark-keyhole" d={KEYHOLE} />}
    </svg>
  )
}

/** The mark with the name beside it. */
export function Wordmark({ size = 32 }: { size?: number }) {
  return (
    <span className="wordmark">
      <Mark size={size} />
      <span>Huis clos</span>
    </span>
  )
}
