/**
 * The page's end of the link keeper (LINK1): hands the fragment over while the page is being left, and takes it back
 * after a reload of the same tab. Nothing of it is written anywhere; where there is no keeper, or it has forgotten,
 * the answer is null and the page asks for the link again.
 */
import type { AskKeeper, KeeperAnswer } from './fragment-shelf.ts'

const ANSWER_WITHIN_MS = 1_500

export interface LinkKeeper {
  /** The fragment that this tab had for this room before it was reloaded; null: gone. Never rejects. */
  recover(room: string): Promise<string | null>
  /** From now on hands this fragment over whenever the page is left; the result ends it. */
  hold(room: string, fragment: string): () => void
}

/** @param keeper the worker that keeps, or null where there is none; see service-workers.ts. */
export function linkKeeper(keeper: Promise<ServiceWorker | null>): LinkKeeper {
  return {
    async recover(room) {
      const tab = knownTab()
      const active = tab && (await within(keeper, ANSWER_WITHIN_MS))
      return active ? within(ask(active, { t: 'take', tab, room }), ANSWER_WITHIN_MS) : null
    },
    hold(room, fragment) {
      const tab = knownTab() ?? nameTab()
      let active: ServiceWorker | null = null
      void keeper.then((started) => {
        active = started
      })
      const leave = () => active?.postMessage({ t: 'keep', tab, room, fragment } satisfies AskKeeper)
      // The page came back from the browser's cache with its memory: nothing needs to be kept elsewhere.
      const comeBack = () => active?.postMessage({ t: 'forget', tab, room } satisfies AskKeeper)
      addEventListener('pagehide', leave)
      addEventListener('pageshow', comeBack)
      return () => {
        removeEventListener('pagehide', leave)
        removeEventListener('pageshow', comeBack)
      }
    },
  }
}

function ask(keeper: ServiceWorker, message: AskKeeper): Promise<KeeperAnswer> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = (event: MessageEvent<KeeperAnswer>) => resolve(event.data)
    keeper.postMessage(message, [port2])
  })
}

function within<T>(answer: Promise<T>, timeoutMs: number): Promise<T | null> {
  const late = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), timeoutMs)
  })
  return Promise.race([answer, late])
}

/** The random name that this tab's history entry carries: worth nothing without the keeper's memory. */
function knownTab(): string | null {
  const state: unknown = history.state
  if (typeof state !== 'object' || state === null || !('huisclosTab' in state)) return null
  return typeof state.huisclosTab === 'string' ? state.huisclosTab : null
}

function nameTab(): string {
  const tab = crypto.randomUUID()
  history.replaceState({ ...(history.state as object | null), huisclosTab: tab }, '')
  return tab
}
