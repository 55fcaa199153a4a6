/** What a drop or a file field holds, folders opened, as plain files with their paths. */
import type { GivenFile } from '../model/found-recordings.ts'

/** More files than any recording has: somebody dropped a whole disk. */
const MAX_FILES = 10_000

export function filesOfField(list: FileList | null): GivenFile[] {
  return [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, blob: file }))
}

/** Must be called while the drop is being handled: the browser forgets it afterwards. */
export async function filesOfDrop(transfer: DataTransfer): Promise<GivenFile[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file')
  const entries = items.map((item) => item.webkitGetAsEntry())
  // What was not dropped by a person has no entries.
  if (!entries.some((entry) => entry?.isDirectory)) return filesOfField(transfer.files)
  const found: GivenFile[] = []
  for (const entry of entries) if (entry) await collect(entry, '', found)
  return found
}

async function collect(entry: FileSystemEntry, folder: string, found: GivenFile[]): Promise<void> {
  if (found.length >= MAX_FILES) return
  const path = `${folder}${entry.name}`
  if (isFile(entry)) {
    const blob = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    found.push({ path, blob })
    return
  }
  if (!isFolder(entry)) return
  const reader = entry.createReader()
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return
    for (const inner of some) await collect(inner, `${path}/`, found)
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
