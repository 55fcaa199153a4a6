/** How many chat lines of others came while the chat was closed. */
import type { ChatLine } from '@huisclos/participant'
import { useEffect, useState } from 'react'

export function useUnread(chat: readonly ChatLine[], open: boolean): number {
  const [seen, setSeen] = useState(chat.length)
  useEffect(() => {
    if (open) setSeen(chat.length)
  }, [open, chat.length])
  return open ? 0 : chat.slice(seen).filter((line) => !line.self).length
}
