/** Damage as a sentence for reports on the command line; docs/recording.md says more of each kind. */
import type { Damage, DamageKind } from './damage.ts'

const sentences: Readonly<Record<DamageKind, string>> = {
  'manifest-missing':
    'there is no manifest: segments may be missing at the end, and nobody signed for the rest',
  'manifest-damaged': 'the manifest cannot be read',
  'segment-missing': 'the segment is missing',
  'segment-misnamed': 'the file has the name of another segment; it was read in its true place',
  'segment-duplicated': 'another file has the same segment; this one was not read',
  'segment-foreign': 'the file belongs to another recording; it was not read',
  'segment-unreadable': 'neither name nor content say which segment it is; it was not read',
  'header-damaged': 'the header is damaged',
  'index-damaged': 'the footer is damaged; the records are whole',
  unfinished: 'the segment has no end',
  'chain-broken': 'the segment does not continue the one before it as that is now',
  'differs-from-manifest': 'the segment is not the one that the manifest names',
  'records-damaged': 'records are damaged',
  'block-altered': 'records were altered, and their checksums with them',
  'record-malformed': 'a record does not hold what its type says',
}

const clock = (us: number): string => {
  const seconds = us / 1_000_000
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `${h}:${String(m).padStart(2, '0')}:${s.toFixed(3).padStart(6, '0')}`
}

export function describeDamage(damage: Damage): string {
  const { segment, file, offset, lengthBytes, fromUs, toUs, lostRecords } = damage
  const parts = [
    segment === null ? (file ?? '') : `segment ${segment}${file ? ` (${file})` : ''}`,
    offset === null ? '' : `byte ${offset}${lengthBytes ? ` to ${offset + lengthBytes}` : ''}`,
    fromUs === null ? '' : `from ${clock(fromUs)}${toUs === null ? '' : ` to ${clock(toUs)}`}`,
  ].filter((part) => part !== '')
  const lost = lostRecords === null ? '; how much is lost is not known' : ''
  const count = lostRecords ? `; ${lostRecords} record${lostRecords === 1 ? '' : 's'} lost` : lost
  return `${parts.join(', ')}: ${sentences[damage.kind]}${count}`
}
