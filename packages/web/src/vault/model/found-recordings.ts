/**
 * Which of the files that somebody dropped or chose are recordings, and which may be keys (OPEN3). A recording is a folder
 * with segments or a manifest; files without a folder are one recording.
 */

export interface GivenFile {
  /** With its folders where the browser tells them: `board/000001.hcs`. */
  readonly path: string
  readonly blob: Blob
}

export interface FoundRecording {
  /** The folder's name; empty for files without one. */
  readonly name: string
  readonly files: readonly { readonly name: string; readonly blob: Blob }[]
  readonly sizeBytes: number
}

export interface SortedFiles {
  readonly recordings: readonly FoundRecording[]
  readonly keys: readonly GivenFile[]
  /** May hold an owner token, with which the server lists a meeting's recordings. */
  readonly accesses: readonly GivenFile[]
  /** Names of files that are neither. */
  readonly strangers: readonly string[]
}

const MAX_KEY_BYTES = 64 * 1024
const MAX_ACCESS_BYTES = 64
const isSegment = (name: string): boolean => name.endsWith('.hcs')
const isOfRecording = (name: string): boolean => isSegment(name) || name === 'manifest'
const mayBeAccess = ({ path, blob }: GivenFile): boolean =>
  /\.(token|txt)$/i.test(path) && blob.size <= MAX_ACCESS_BYTES
/** Key files, printed pages, and letters that were typed into a file. */
const mayBeKey = ({ path, blob }: GivenFile): boolean =>
  /\.(json|html?|txt)$/i.test(path) && blob.size <= MAX_KEY_BYTES

export function sortFiles(given: readonly GivenFile[]): SortedFiles {
  const folders = new Map<string, GivenFile[]>()
  const rest: GivenFile[] = []
  for (const file of given) {
    const [folder, name] = splitPath(file.path)
    if (isOfRecording(name)) folders.set(folder, [...(folders.get(folder) ?? []), file])
    // What systems leave in folders is nobody's concern.
    else if (!name.startsWith('.') && name !== 'manifest.new') rest.push(file)
  }
  const recordings = [...folders]
    .map(([folder, files]) => recordingOf(folder, files))
    .filter(({ files }) => files.some(({ name }) => isSegment(name)))
  const accesses = rest.filter(mayBeAccess)
  const keys = rest.filter((file) => mayBeKey(file) && !mayBeAccess(file))
  const strangers = rest.filter((file) => !mayBeKey(file) && !mayBeAccess(file))
  return { recordings, keys, accesses, strangers: strangers.map(({ path }) => splitPath(path)[1]) }
}

function splitPath(path: string): [folder: string, name: string] {
  const at = path.lastIndexOf('/')
  return [path.slice(0, Math.max(0, at)), path.slice(at + 1)]
}

function recordingOf(folder: string, files: readonly GivenFile[]): FoundRecording {
  const named = files.map(({ path, blob }) => ({ name: splitPath(path)[1], blob }))
  return {
    name: splitPath(folder)[1],
    files: named,
    sizeBytes: named.reduce((sum, { blob }) => sum + blob.size, 0),
  }
}
