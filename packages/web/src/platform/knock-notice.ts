/** The system's notifications, used for one thing: somebody knocks while the tab is out of sight (HOST8). */

/** `none`: this browser has no notifications. */
export type NoticePermission = 'granted' | 'default' | 'denied' | 'none'

export const noticePermission = (): NoticePermission =>
  'Notification' in globalThis ? Notification.permission : 'none'

/** To be called from a click. Never rejects. */
export async function askForNotices(): Promise<NoticePermission> {
  if (noticePermission() !== 'default') return noticePermission()
  return Notification.requestPermission().catch(() => 'denied' as const)
}

/** Shown where the person allowed it; one replaces the other. The text says nothing of the meeting. */
export function showNotice(text: string): void {
  if (noticePermission() !== 'granted') return
  try {
    const notice = new Notification(text, { tag: 'huisclos-knock' })
    notice.onclick = () => {
      window.focus()
      notice.close()
    }
  } catch {
    // Phones take notifications from service workers alone.
  }
}
