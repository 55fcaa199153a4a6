/**
 * Opens a recording apart from the page (OPEN1, OPEN2): the key lives here alone, and only while the recording is being
 * opened. The server gives this script a policy that lets it connect to nothing (`connect-src` none) and compile
 * WebAssembly, which Argon2id needs. Ended by the page when somebody cancels.
 */
import { wipe } from '@huisclos/crypto/bytes'
import {
  describeReport,
  formatFingerprint,
  isWhole,
  keyFromBackups,
  openRecording,
  readBackup,
  rewrapAsMp4,
  VaultError,
} from '@huisclos/vault'
import { BlobFile } from './blob-file.ts'
import { blobsAsRecording } from './blob-source.ts'
import { measureLoudness } from './loudness.ts'
import type { FromOpener, GivenKey, KeySummary, OpenerRefusal, ToOpener } from './opener-messages.ts'
import { SpanList } from './span-list.ts'

const MAX_KEY_BYTES = 64 * 1024
/** A camera that sends nothing for so long is off; a shared screen that does not change sends little. */
const PICTURE_APART_MS = 3_000
const SCREEN_APART_MS = 15_000
const SOUND_APART_MS = 500
const PROGRESS_STEP = 0.005

const tell = (message: FromOpener): void => self.postMessage(message)

function refusalOf(error: unknown): OpenerRefusal {
  if (error instanceof VaultError) return { code: error.code, about: error.about }
  if (error instanceof DOMException && error.name === 'NotReadableError')
    return { code: 'file-unreadable', about: '' }
  return { code: 'fault', about: error instanceof Error ? error.name : '' }
}

async function readGiven(given: GivenKey): Promise<ReturnType<typeof readBackup>> {
  if (typeof given === 'string') return readBackup(given)
  if (given.size > MAX_KEY_BYTES) throw new VaultError('key-file-damaged')
  return readBackup(await given.text())
}

async function summarise(given: GivenKey): Promise<KeySummary> {
  const read = await readGiven(given)
  const fingerprint = formatFingerprint(read.fingerprint)
  if (read.kind === 'file') return { kind: 'file', owner: read.owner, fingerprint }
  const { kind, needed, of, secret } = read.backup
  return kind === 'key'
    ? { kind, fingerprint }
    : { kind, fingerprint, needed, of, number: secret.at(-1) ?? 0 }
}

/** Tells progress in steps that somebody can see. */
function progressOf(step: 'key' | 'recording'): (part: number) => void {
  let told = -1
  return (part) => {
    if (part - told < PROGRESS_STEP && part < 1) return
    told = part
    tell({ t: 'progress', step, part })
  }
}

async function open({ files, keys, passphrase }: Extract<ToOpener, { t: 'open' }>): Promise<void> {
  tell({ t: 'progress', step: 'key', part: 0 })
  const key = await keyFromBackups(await Promise.all(keys.map(readGiven)), async () => passphrase)
  const written = new Map<string, { file: BlobFile; sound: SpanList; pictures: SpanList }>()
  try {
    const report = await openRecording(blobsAsRecording(files), {
      key,
      format: 'webm',
      steadySound: true,
      createFile(name) {
        const file = new BlobFile()
        const apartMs = /-screen(-\d+)?\.webm$/.test(name) ? SCREEN_APART_MS : PICTURE_APART_MS
        written.set(name, { file, sound: new SpanList(SOUND_APART_MS), pictures: new SpanList(apartMs) })
        return file.writable
      },
      onFrame({ file, kind, timeUs }) {
        const own = written.get(file)
        ;(kind === 'audio' ? own?.sound : own?.pictures)?.add(timeUs / 1000)
      },
      onProgress: progressOf('recording'),
    })
    const opened = report.files.flatMap(({ name }) => {
      const own = written.get(name)
      return own
        ? [{ name, blob: own.file.blob('video/webm'), sound: own.sound.all, pictures: own.pictures.all }]
        : []
    })
    tell({
      t: 'opened',
      opened: { report, whole: isWhole(report), files: opened, lines: describeReport(report) },
    })
  } finally {
    wipe(key.seed)
  }
}

async function asMp4(blob: Blob): Promise<Blob> {
  const file = new BlobFile()
  await rewrapAsMp4(blob, file.writable)
  return file.blob('video/mp4')
}

/** One after the other, so that the first bars come soon. */
let measuring = Promise.resolve()

async function measure({ file, blob }: Extract<ToOpener, { t: 'measure' }>): Promise<void> {
  const say = (from: number, values: number[]): void => tell({ t: 'loudness', file, from, values })
  const able = await measureLoudness(blob, say).catch(() => false)
  if (!able) tell({ t: 'loudness', file, from: 0, values: null })
}

self.addEventListener('message', ({ data }: MessageEvent<ToOpener>) => {
  switch (data.t) {
    case 'read-key':
      return void summarise(data.given)
        .catch(refusalOf)
        .then((read) => tell({ t: 'key-read', id: data.id, read }))
    case 'open':
      return void open(data).catch((error: unknown) => tell({ t: 'refused', refusal: refusalOf(error) }))
    case 'measure':
      measuring = measuring.then(() => measure(data))
      return
    case 'as-mp4':
      return void asMp4(data.blob)
        .catch(() => null)
        .then((blob) => tell({ t: 'mp4', file: data.file, blob }))
    default:
  }
})
