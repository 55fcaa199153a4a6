/**
 * Builds the recorder from the settings: a shelf in a directory, and a store of objects behind it where there is a bucket
 * (REC24). The store's credentials come from a file or the environment, go to the SDK, and are in no error and no log.
 */
import { readFileSync } from 'node:fs'
import { defaultLimits } from '@huisclos/archive'
import * as z from 'zod'
import type { Clock } from './clock.ts'
import { ConfigError } from './config/config-error.ts'
import { recordsOnServer } from './config/resolve-settings.ts'
import type { ServerSettings } from './config/server-settings.ts'
import type { Log } from './observe/log.ts'
import type { ReportFault } from './observe/report-fault.ts'
import { ArchiveRecorder } from './recording/archive-recorder.ts'
import { Deposit } from './recording/deposit.ts'
import { RecordingShelf } from './recording/recording-shelf.ts'
import { Spool } from './recording/spool.ts'

interface RecorderParts {
  settings: ServerSettings
  clock: Clock
  log: Log
  onFault: ReportFault
}

const MIB = 1024 * 1024

/** Null where recordings on the server are off. What a crash left open is ended before anybody comes. */
export async function startRecorder(parts: RecorderParts): Promise<ArchiveRecorder | null> {
  const { settings, clock, onFault } = parts
  const { recordings, recordingsDirectory, recordingsDays } = settings
  if (!recordsOnServer(recordings) || recordingsDirectory === undefined) return null
  const retentionDays = recordingsDays === 0 ? null : recordingsDays
  const shelf = openShelf(recordingsDirectory)
  const depot = await openDepot(shelf, parts, (id) => recorder.isLive(id))
  const recorder: ArchiveRecorder = new ArchiveRecorder({
    shelf,
    clock,
    retentionDays,
    onFault,
    ...(depot === null ? {} : { depot }),
  })
  await recorder.start()
  return recorder
}

function openShelf(directory: string): RecordingShelf {
  try {
    return new RecordingShelf(directory)
  } catch (error) {
    const message = `The directory for recordings, ${directory}, cannot be made or read.`
    throw new ConfigError('bad-value', message, error)
  }
}

async function openDepot(
  shelf: RecordingShelf,
  { settings, clock, log, onFault }: RecorderParts,
  isLive: ArchiveRecorder['isLive'],
): Promise<{ deposit: Deposit; spool: Spool } | null> {
  const { recordingsBucket, recordingsEndpoint, recordingsRegion, recordingsPrefix } = settings
  if (recordingsBucket === undefined) return null
  // The SDK is large; only whoever has a bucket pays for it.
  const { S3ObjectStore } = await import('./recording/s3-object-store.ts')
  const store = new S3ObjectStore({
    bucket: recordingsBucket,
    region: recordingsRegion,
    endpoint: recordingsEndpoint,
    credentials: readCredentials(settings.recordingsCredentials),
  })
  const onReachable = (reachable: boolean) =>
    reachable
      ? log.info('the store of recordings answers again')
      : log.error('the store of recordings does not answer, or refuses: they wait in their directory')
  const deposit = new Deposit({ shelf, store, prefix: recordingsPrefix, clock, isLive, onReachable, onFault })
  const spool = new Spool({
    shelf,
    clock,
    limitBytes: settings.recordingsSpoolMiB * MIB,
    reserveBytes: defaultLimits.reserveBytes,
    isReachable: () => deposit.reachable,
  })
  return { deposit, spool }
}

const Credentials = z.object({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) })

/** @throws ConfigError that quotes nothing of the file */
function readCredentials(path: string | undefined): z.infer<typeof Credentials> | undefined {
  if (path === undefined) return undefined
  try {
    return Credentials.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    const message = `The file with the store's credentials, ${path}, must be JSON with "accessKeyId" and "secretAccessKey".`
    throw new ConfigError('bad-value', message)
  }
}
