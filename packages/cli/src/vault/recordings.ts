/** `vault list`, `verify`, `open` and `export`: recordings in folders or on a server [REC5]. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { MediaFormat, OpeningReport } from '@huisclos/vault'
import { clock, composeArguments, describeReport, isWhole, VaultError } from '@huisclos/vault'
import {
  listRecordings,
  mediaFile,
  openFrom,
  runFfmpeg,
  verifyFrom,
  withRecording,
} from '@huisclos/vault/node'
import { readKey } from './read-key.ts'
import type { Command, Options } from './run-vault.ts'
import type { Terminal } from './terminal.ts'
import { readText } from './terminal.ts'
import { words } from './words.ts'

const tokenOf = async (options: Options) =>
  options['token-file'] === undefined ? undefined : (await readText(options['token-file'])).trim()

export const list: Command = async ([where], options, { say, language }) => {
  if (!where) throw new VaultError('usage', 'list WHERE')
  const found = await listRecordings(where, await tokenOf(options))
  for (const { recording, startedAtMs, sizeBytes } of found) {
    const started = startedAtMs === null ? '?' : new Date(startedAtMs).toISOString()
    say(`${recording}  ${started}  ${(sizeBytes / 1e6).toFixed(1)} MB`)
  }
  if (found.length === 0) say(words[language].none)
  return 0
}

export const verify: Command = async ([where], options, { say, language }) => {
  if (!where) throw new VaultError('usage', 'verify RECORDING')
  return withRecording(where, await tokenOf(options), async (folder) => {
    const { lines, durationUs, whole } = await verifyFrom(folder)
    say(`${clock(durationUs)}  ${whole ? words[language].whole : words[language].amiss}`)
    for (const line of lines) say(line)
    return whole ? 0 : 3
  })
}

export const open: Command = async ([where], options, terminal) => {
  if (!where) throw new VaultError('usage', 'open RECORDING --key FILE')
  const format = formatOf(options.format ?? 'webm')
  const key = await readKey(options, terminal)
  return withRecording(where, await tokenOf(options), async (folder) => {
    const out = options.out ?? 'opened'
    await mkdir(out, { recursive: true, mode: 0o700 })
    const path = (name: string) => join(out, name)
    const onProgress = progressOn(terminal)
    const report = await openFrom(folder, {
      key,
      format,
      createFile: (name) => mediaFile(path(name)),
      onProgress,
    })
    if (!options['no-gallery']) await compose(report, path, path(`gallery.${format}`), terminal)
    return tell(report, terminal)
  })
}

export const exportOne: Command = async ([where], options, terminal) => {
  const { out } = options
  if (!where || !out) throw new VaultError('usage', 'export RECORDING --key FILE --out FILE')
  const format = formatOf(out.split('.').at(-1) ?? '')
  const key = await readKey(options, terminal)
  const folder = await mkdtemp(join(tmpdir(), 'huisclos-export-'))
  try {
    return await withRecording(where, await tokenOf(options), async (recording) => {
      const path = (name: string) => join(folder, name)
      const onProgress = progressOn(terminal)
      const report = await openFrom(recording, {
        key,
        format,
        createFile: (name) => mediaFile(path(name)),
        onProgress,
      })
      await runFfmpeg(composeArguments(report.files, report.durationUs, path, out))
      return tell(report, terminal)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function formatOf(name: string): MediaFormat {
  if (name === 'webm' || name === 'mp4') return name
  throw new VaultError('usage', 'webm | mp4')
}

/** Without ffmpeg the persons' files are there all the same, so that is said and no failure. */
async function compose(
  { files, durationUs }: OpeningReport,
  path: (name: string) => string,
  output: string,
  { warn, language }: Terminal,
): Promise<void> {
  try {
    await runFfmpeg(composeArguments(files, durationUs, path, output))
  } catch (error) {
    if (!(error instanceof VaultError) || error.code !== 'ffmpeg-missing') throw error
    warn(words[language].noGallery)
  }
}

function tell(report: OpeningReport, { say, language }: Terminal): number {
  const whole = isWhole(report)
  say(whole ? words[language].whole : words[language].amiss)
  for (const line of describeReport(report)) say(line)
  return whole ? 0 : 3
}

/** On a terminal alone, in one line. */
function progressOn({ warn }: Terminal): (part: number) => void {
  let shown = -1
  return (part) => {
    const percent = Math.floor(part * 100)
    if (percent === shown) return
    if (process.stderr.isTTY) process.stderr.write(`\r${percent} %${percent === 100 ? '\n' : ''}`)
    else if (shown < 0 || percent - shown >= 25) warn(`${percent} %`)
    else return
    shown = percent
  }
}
