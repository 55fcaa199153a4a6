/**
 * The mark: two leaves of a closed door and the brass bolt across them, which together read as an H. Open, the bolt is
 * drawn and the leaves part: the sign that something is wrong.
 */
export interface MarkProps {
  size?: number
  open?: boolean
  /** Spoken name; none where words stand beside it. */
  label?: string
}

export function Mark({ size = 32, open = false, label }: MarkProps) {
  const spoken = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" {...spoken}>
      <path
        d={open ? 'M4 29V15C4 9.4 7.6 4.8 12.4 3.4V29Z' : 'M4 29V14.4C4 8.6 9 3.7 15.2 3V29Z'}
        fill="currentColor"
      />
      <path
        d={open ? 'M28 29V15C28 9.4 24.4 4.8 19.6 3.4V29Z' : 'M28 29V14.4C28 8.6 23 3.7 16.8 3V29Z'}
        fill="currentColor"
      />
      {open ? (
        <rect x="7" y="15.5" width="5.4" height="4" fill="var(--danger-text)" />
      ) : (
        <rect
          x="9"
          y="14.75"
          width="14"
          height="5"
          rx="2.5"
          fill="var(--brass)"
          stroke="var(--mark-gap, var(--paper))"
          strokeWidth="1.6"
        />
      )}
    </svg>
  )
}

/** The mark with the name beside it. */
export function Wordmark({ size = 30 }: { size?: number }) {
  return (
    <span className="wordmark">
      <Mark size={size} />
      <span>Huis clos</span>
    </span>
  )
}
