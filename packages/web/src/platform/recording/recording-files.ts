/**
 * Where recordings on this computer lie until they are saved: a folder of this origin's private file system, one journal
 * each, and beside it the file that is made of it. Whoever can read this browser's profile can read them.
 */

const FOLDER = 'recordings'

export const journalName = (id: string): string => `${id}.journal`
export const fileName = (id: string): string => `${id}.webm`
/** Held by the worker that writes to it, so that another tab does not take it for an abandoned one. */
export const lockName = (id: string): string => `huisclos-recording-${id}`

/** Rejects with the browser's `DOMException` where it refuses storage. */
export async function recordingFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(FOLDER, { create: true })
}

/** Ids of recordings that nobody is writing to. */
export async function abandonedIds(): Promise<string[]> {
  const folder = await recordingFolder()
  const { held = [] } = await navigator.locks.query()
  const busy = new Set(held.map(({ name }) => name))
  const ids: string[] = []
  // The DOM's types do not know that a folder can be walked.
  for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) {
    const id = name.endsWith('.journal') ? name.slice(0, -'.journal'.length) : null
    if (id !== null && !busy.has(lockName(id))) ids.push(id)
  }
  return ids
}

/** Deletes the recording and what was made of it. Does nothing for what is not there. */
export async function deleteRecording(id: string): Promise<void> {
  const folder = await recordingFolder()
  for (const name of [journalName(id), fileName(id)]) await folder.removeEntry(name).catch(() => undefined)
}
