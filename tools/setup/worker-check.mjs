// Owns the question whether a media worker runs on this machine (other libc, missing libraries, a cut-off file).
import { spawnSync } from 'node:child_process'

// mediasoup's main.cpp ends with this status when it is started without MEDIASOUP_VERSION.
const startedWithoutVersion = 41

/** @param {string} file */
export function workerStarts(file) {
  return spawnSync(file, [], { env: {}, stdio: 'ignore', timeout: 10_000 }).status === startedWithoutVersion
}
