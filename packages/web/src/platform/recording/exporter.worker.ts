/**
 * Looks at the recordings that lie on this computer, and makes a file of one that other programs play. Brings mediabunny
 * with it, and is started only where somebody saves or something was left behind.
 */
import { blobSource } from './byte-source.ts'
import { indexJournal } from './journal-index.ts'
import { abandonedIds, fileName, journalName, recordingFolder } from './recording-files.ts'
import type { FromExporter, KeptRecording, ToExporter } from './recording-messages.ts'
import { writeRecording } from './write-recording.ts'

const tell = (message: FromExporter): void => self.postMessage(message)

async function look(id: string): Promise<KeptRecording | null> {
  const folder = await recordingFolder()
  const file = await (await folder.getFileHandle(journalName(id))).getFile()
  const index = await indexJournal(blobSource(file))
  if (!index || index.tracks.length === 0) return null
  const { facts, durationMs } = index
  return { id, title: facts.title, beganAt: facts.beganAt, durationMs, sizeBytes: file.size }
}

async function list(): Promise<void> {
  const ids = await abandonedIds().catch(() => [])
  const found = await Promise.all(ids.map((id) => look(id).catch(() => null)))
  const kept = found.filter((one) => one !== null)
  tell({ t: 'listed', kept: kept.sort((a, b) => b.beganAt - a.beganAt) })
}

async function make({ id, words }: Extract<ToExporter, { t: 'make' }>): Promise<void> {
  const folder = await recordingFolder()
  const journal = blobSource(await (await folder.getFileHandle(journalName(id))).getFile())
  const index = await indexJournal(journal)
  if (!index || index.tracks.length === 0) return tell({ t: 'failed', why: 'unreadable' })
  const handle = await folder.getFileHandle(fileName(id), { create: true })
  const file = await handle.createSyncAccessHandle()
  try {
    file.truncate(0)
    await writeRecording({
      index,
      journal,
      to: new WritableStream({ write: ({ data, position }) => void file.write(data, { at: position }) }),
      words: {
        title: index.facts.title,
        trackName: ({ name, source }) => (name === '' ? words[source] : `${name}, ${words[source]}`),
      },
      progress: (done) => tell({ t: 'progress', done }),
    })
    file.flush()
  } finally {
    file.close()
  }
  const { title, beganAt } = index.facts
  tell({ t: 'made', title, beganAt })
}

self.addEventListener('message', ({ data }: MessageEvent<ToExporter>) => {
  if (data.t === 'list') return void list()
  make(data).catch((error: unknown) => {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
    tell({ t: 'failed', why: isFull ? 'disk-full' : 'unreadable' })
  })
})
