/** Whether something was true within the first moments on screen; once it was, it stays. */
import { useEffect, useState } from 'react'

export function useFirstSeconds(forMs: number, now: boolean): boolean {
  const [early, setEarly] = useState(true)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setEarly(false), forMs)
    return () => clearTimeout(timer)
  }, [forMs])
  if (early && now && !seen) setSeen(true)
  return seen && now
}
