/** A place to drop files on, with buttons that choose the same: by mouse, by keyboard and on phones. */
import { FolderInput } from 'lucide-react'
import type { ChangeEvent, DragEvent } from 'react'
import { useId, useState } from 'react'
import type { GivenFile } from '../model/found-recordings.ts'
import { filesOfDrop, filesOfField } from './dropped-files.ts'

export interface DropPlaceProps {
  label: string
  files: string
  /** Null: no folders. */
  folder: string | null
  onFiles: (files: readonly GivenFile[]) => void
}

export function DropPlace({ label, files, folder, onFiles }: DropPlaceProps) {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    filesOfDrop(event.dataTransfer).then(onFiles, () => undefined)
  }
  const drag = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the file fields inside do the same by keyboard
    <div
      className={over ? 'drop drop-over' : 'drop'}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p className="drop-label">
        <FolderInput size={22} aria-hidden />
        {label}
      </p>
      <div className="row">
        <FileField label={files} onFiles={onFiles} />
        {folder === null ? null : <FileField label={folder} onFiles={onFiles} folder />}
      </div>
    </div>
  )
}

interface FileFieldProps {
  label: string
  folder?: boolean
  onFiles: (files: readonly GivenFile[]) => void
}

/** A native file field behind a label that looks like a button. */
function FileField({ label, folder, onFiles }: FileFieldProps) {
  const id = useId()
  const change = (event: ChangeEvent<HTMLInputElement>) => {
    onFiles(filesOfField(event.target.files))
    // So that the same file can be chosen again.
    event.target.value = ''
  }
  return (
    <span className="file-field">
      <input
        id={id}
        type="file"
        className="unseen"
        multiple
        onChange={change}
        ref={(field) => void field?.toggleAttribute('webkitdirectory', folder === true)}
      />
      <label htmlFor={id} className="button button-quiet button-small">
        {label}
      </label>
    </span>
  )
}
