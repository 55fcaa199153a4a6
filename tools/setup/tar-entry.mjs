// Owns reading one file out of a .tgz: mediasoup's prebuilt archive holds a single binary. No links, no paths are
// followed; sizes are checked against the bytes that are there.
import { gunzipSync } from 'node:zlib'

const block = 512
const maxUnpackedBytes = 200_000_000

/** @param {Buffer} header @param {number} from @param {number} length */
function text(header, from, length) {
  const field = header.subarray(from, from + length)
  const end = field.indexOf(0)
  return field.subarray(0, end === -1 ? length : end).toString('utf8')
}

/**
 * @param {Uint8Array} archive a gzipped tar
 * @param {string} wanted the file's last name
 * @returns {Buffer | undefined} its bytes; undefined where the archive has no such file or is cut off
 * @throws {Error} where the bytes are no gzip
 */
export function readTarEntry(archive, wanted) {
  const tar = gunzipSync(archive, { maxOutputLength: maxUnpackedBytes })
  for (let at = 0; at + block <= tar.length; ) {
    const header = tar.subarray(at, at + block)
    const name = text(header, 0, 100)
    if (name === '') return undefined
    const size = Number.parseInt(text(header, 124, 12).trim(), 8)
    if (!Number.isInteger(size) || size < 0) return undefined
    const start = at + block
    const type = text(header, 156, 1)
    if ((type === '' || type === '0') && name.split('/').pop() === wanted) {
      return start + size <= tar.length ? tar.subarray(start, start + size) : undefined
    }
    at = start + Math.ceil(size / block) * block
  }
  return undefined
}
