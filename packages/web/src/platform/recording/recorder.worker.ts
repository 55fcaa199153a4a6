/**
 * Writes a recording to this computer's disk while the meeting goes on (LREC3): takes frames from the frame worker's
 * port, hands them to the engine, keeps the file. Sends nothing anywhere but to its page.
 */
import { JournalFile } from './journal-file.ts'
import { RecorderEngine } from './recorder-engine.ts'
import { journalName, lockName, recordingFolder } from './recording-files.ts'
import type { FromRecorder, ToRecorder } from './recording-messages.ts'
import type { TappedBatch } from './tapped-frame.ts'

const FLUSH_EVERY_MS = 500

const tell = (message: FromRecorder): void => self.postMessage(message)
const now = (): number => performance.timeOrigin + performance.now()

let journal: JournalFile | null = null
let engine: RecorderEngine | null = null
let releaseLock = (): void => {}
const early: MessagePort[] = []

/** What could be written stays; nothing more is. */
function fail(error: unknown): void {
  if (!journal && !engine) return
  const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
  const open = journal
  journal = null
  engine = null
  try {
    open?.close()
  } catch {
    // It is closed, or its disk is gone.
  }
  releaseLock()
  tell({ t: 'failed', why: isFull ? 'disk-full' : 'storage-refused' })
}

function guarded(run: () => void): void {
  try {
    run()
    journal?.commit()
  } catch (error) {
    fail(error)
  }
}

function holdLock(id: string): Promise<void> {
  return new Promise((held) => {
    void navigator.locks.request(lockName(id), () => {
      held()
      return new Promise<void>((release) => {
        releaseLock = release
      })
    })
  })
}

async function begin({ id, facts }: Extract<ToRecorder, { t: 'begin' }>): Promise<void> {
  try {
    await holdLock(id)
    const folder = await recordingFolder()
    const handle = await folder.getFileHandle(journalName(id), { create: true })
    const file = await handle.createSyncAccessHandle()
    const writing = new JournalFile(file)
    journal = writing
    engine = new RecorderEngine(facts, {
      write: (record) => writing.write(record),
      needsKeyFrame: (member, source) => tell({ t: 'needs-key-frame', member, source }),
    })
    writing.flush()
    for (const port of early.splice(0)) listen(port)
    tell({ t: 'began' })
  } catch {
    releaseLock()
    tell({ t: 'failed', why: 'storage-refused' })
  }
}

function listen(port: MessagePort): void {
  if (!engine) {
    early.push(port)
    return
  }
  port.onmessage = ({ data }: MessageEvent<TappedBatch>) => {
    guarded(() => engine?.take(data))
    port.postMessage({ writtenBytes: data.sizeBytes })
  }
}

function end(): void {
  guarded(() => {
    engine?.end(now())
    journal?.close()
  })
  engine = null
  journal = null
  releaseLock()
  tell({ t: 'ended' })
}

self.addEventListener('message', ({ data }: MessageEvent<ToRecorder>) => {
  switch (data.t) {
    case 'begin':
      return void begin(data)
    case 'listen':
      return listen(data.port)
    case 'names':
      return guarded(() => engine?.names(data.names))
    case 'pause':
      return guarded(() => engine?.pause(data.paused, now()))
    case 'end':
      return end()
  }
})

setInterval(() => {
  guarded(() => journal?.flush())
  if (journal && engine)
    tell({ t: 'written', sizeBytes: journal.sizeBytes, elapsedMs: engine.elapsed(now()) })
}, FLUSH_EVERY_MS)
