// Owns fetching the media worker's official prebuilt binary. It is tried for seconds only: where the network does not
// reach the release pages, building is the way, and nobody should wait for a time-out first.
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { platform } from './paths.mjs'
import { readTarEntry } from './tar-entry.mjs'
import { workerStarts } from './worker-check.mjs'

const answerMs = 5_000
const downloadMs = 120_000

/**
 * The address mediasoup's own installer uses.
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 * @param {string} kernel e.g. "6.1.0-13-amd64"
 */
export function prebuiltUrl(version, env = process.env, kernel = release()) {
  const given = env['MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL']
  const base = given ?? 'https://github.com/versatica/mediasoup/releases/download'
  const suffix = platform.startsWith('linux') ? `-kernel${Number.parseInt(kernel, 10)}` : ''
  return `${base}/${version}/mediasoup-worker-${version}-${platform}${suffix}.tgz`
}

/** @param {string} url @returns {Promise<Buffer>} */
async function download(url) {
  const stop = new AbortController()
  let timer = setTimeout(() => stop.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs)
  try {
    const response = await fetch(url, { signal: stop.signal })
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    clearTimeout(timer)
    timer = setTimeout(() => stop.abort(new Error('the download took too long')), downloadMs)
    return Buffer.from(await response.arrayBuffer())
  } finally {
    clearTimeout(timer)
  }
}

/** @param {unknown} error @returns {string} */
function reason(error) {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

/**
 * @param {string} version
 * @param {string} target where the binary is to be
 * @returns {Promise<string | undefined>} why there is none; undefined once it is there and was seen to start
 */
export async function fetchPrebuilt(version, target) {
  if (process.env['MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD']) return 'not asked for'
  const part = `${target}.part`
  try {
    const binary = readTarEntry(await download(prebuiltUrl(version)), 'mediasoup-worker')
    if (!binary) return 'the archive holds no worker'
    writeFileSync(part, binary)
    chmodSync(part, 0o755)
    if (!workerStarts(part)) return 'it does not run on this machine'
    renameSync(part, target)
    return undefined
  } catch (error) {
    const code = error instanceof Error ? /** @type {NodeJS.ErrnoException} */ (error).code : undefined
    if (code && /^(ENOSPC|EDQUOT|EACCES|EROFS)$/.test(code)) throw error
    return reason(error)
  } finally {
    rmSync(part, { force: true })
  }
}
