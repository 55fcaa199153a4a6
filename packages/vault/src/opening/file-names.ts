/** Names of files from names of people, which may hold anything: letters and digits of any script, no paths, none twice. */
import type { Person } from './stream-keys.ts'

export function fileNames(
  files: { person: Person; source: 'person' | 'screen' }[],
  extension: string,
): string[] {
  const taken = new Set<string>()
  return files.map(({ person, source }) => {
    const letters = person.name
      .normalize('NFC')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
    const base = [...letters].slice(0, 40).join('') || 'unnamed'
    const stem = source === 'screen' ? `${base}-screen` : base
    let name = `${stem}.${extension}`
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}-${n}.${extension}`
    taken.add(name.toLowerCase())
    return name
  })
}
