/**
 * The meetings that this browser made, or imported the host key of: kept in IndexedDB of this origin with the link's
 * secret and the host's seed (LINK1, LINK3), so that the creator can come back, change the room, or bring it back to a
 * server that has forgotten it. Whoever can read this browser's profile can read them; guests store nothing.
 * See docs/decisions/0003-link-across-reload.md.
 */
import type { MeetingLink } from '@huisclos/crypto/link'

export interface OwnMeeting {
  link: MeetingLink
  /** 32 bytes. */
  hostSeed: Uint8Array
  title: string
  /** Unix milliseconds. */
  expiresAt: number
  /** LINK3: the highest version that this browser has written or seen. */
  descriptorVersion: number
  /** The card of the telephone bridge that may join (TEL2); absent: none may. */
  bridge?: string
}

export interface MeetingShelf {
  all(): Promise<OwnMeeting[]>
  put(meeting: OwnMeeting): Promise<void>
  remove(room: string): Promise<void>
}

const DATABASE = 'huisclos'
const STORE = 'own-meetings'

/** Rejects with the browser's `DOMException` where storage is refused. */
export function indexedDbShelf(factory: () => IDBFactory = () => indexedDB): MeetingShelf {
  let opening: Promise<IDBDatabase> | null = null
  const database = () => {
    opening ??= openDatabase(factory()).catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }
  const store = async (mode: IDBTransactionMode) =>
    (await database()).transaction(STORE, mode).objectStore(STORE)
  return {
    async all() {
      return settled<OwnMeeting[]>((await store('readonly')).getAll())
    },
    async put(meeting) {
      await settled((await store('readwrite')).put(meeting))
    },
    async remove(room) {
      await settled((await store('readwrite')).delete(room))
    },
  }
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  const opening = factory.open(DATABASE, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'link.room' })
  return settled(opening)
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** For tests, and for pages whose browser refuses storage: it lasts as long as the page. */
export function memoryShelf(): MeetingShelf {
  const kept = new Map<string, OwnMeeting>()
  return {
    all: async () => [...kept.values()],
    put: async (meeting) => void kept.set(meeting.link.room, meeting),
    remove: async (room) => void kept.delete(room),
  }
}
