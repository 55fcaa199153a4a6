/**
 * What the offline page does: speaks the language and wears the appearance chosen on this device, says whether the
 * network or the server is missing, and goes on as soon as the server answers. `runOfflinePage` travels as text (see
 * offline-page.ts), so it must use nothing from outside itself but its argument.
 */

interface PagePart {
  hidden: boolean
  textContent: string | null
  readonly lang: string
  readonly dataset: Record<string, string | undefined>
  querySelector(selector: string): PagePart | null
  addEventListener(type: 'click', handler: () => void): void
  focus(): void
}

/** The parts of `window` that are used. */
export interface OfflineWindow {
  readonly document: {
    title: string
    readonly documentElement: { lang: string; readonly dataset: Record<string, string | undefined> }
    querySelectorAll(selector: string): Iterable<PagePart>
  }
  readonly navigator: { readonly onLine: boolean; readonly languages: readonly string[] }
  readonly localStorage: { getItem(key: string): string | null }
  readonly location: { reload(): void }
  fetch(url: string, options: { method: string; cache: 'no-store' }): Promise<{ readonly ok: boolean }>
  setInterval(work: () => void, everyMs: number): unknown
  addEventListener(type: 'online' | 'offline', handler: () => void): void
}

export function runOfflinePage(page: OfflineWindow): void {
  const remembered = (name: string): string | null => {
    try {
      return page.localStorage.getItem(`huisclos.${name}`)
    } catch {
      return null
    }
  }
  const parts = [...page.document.querySelectorAll('main')]
  const wanted = [remembered('language') ?? '', ...page.navigator.languages].map((tag) => tag.slice(0, 2))
  const language = wanted.find((tag) => parts.some((part) => part.lang === tag)) ?? 'en'
  const shown = parts.find((part) => part.lang === language)
  if (shown === undefined) return
  const theme = remembered('theme')
  if (theme === 'light' || theme === 'dark') page.document.documentElement.dataset['theme'] = theme
  page.document.documentElement.lang = language
  page.document.title = shown.dataset['title'] ?? page.document.title
  for (const part of parts) part.hidden = part !== shown

  const part = (name: string): PagePart | null => shown.querySelector(`[data-part="${name}"]`)
  const tellCause = (): void => {
    const alone = part('alone')
    const silent = part('silent')
    if (alone) alone.hidden = page.navigator.onLine
    if (silent) silent.hidden = !page.navigator.onLine
  }
  const say = (text: string | undefined): void => {
    const status = part('status')
    if (status) status.textContent = text ?? ''
  }
  let trying = false
  const retry = async (asked: boolean): Promise<void> => {
    if (trying) return
    trying = true
    if (asked) say(shown.dataset['trying'])
    try {
      const answer = await page.fetch('/', { method: 'HEAD', cache: 'no-store' })
      if (answer.ok) return page.location.reload()
    } catch {
      // Still nobody there; said below.
    }
    trying = false
    const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(new Date())
    if (asked) say((shown.dataset['still'] ?? '').replace('{{time}}', time))
  }
  tellCause()
  part('retry')?.addEventListener('click', () => void retry(true))
  page.addEventListener('offline', tellCause)
  page.addEventListener('online', () => {
    tellCause()
    void retry(false)
  })
  page.setInterval(() => void retry(false), 10_000)
}
