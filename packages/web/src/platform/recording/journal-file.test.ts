/** What reaches the file when, also where the disk takes only part of it. */
import { beforeEach, expect, test } from 'vitest'
import { factRecord } from './journal-facts.ts'
import { JournalFile } from './journal-file.ts'
import { encodeRecord, JOURNAL_HEAD } from './journal-record.ts'

let written: { at: number; length: number }[]
let room: number
let flushed: number
let isClosed: boolean
let journal: JournalFile
beforeEach(() => {
  written = []
  room = Number.POSITIVE_INFINITY
  flushed = 0
  isClosed = false
  journal = new JournalFile({
    write: ({ length }, { at }) => {
      written.push({ at, length })
      return Math.min(length, room)
    },
    flush: () => {
      flushed += 1
    },
    close: () => {
      isClosed = true
    },
  })
})

const record = factRecord('mark', { what: 'paused' })
const head = JOURNAL_HEAD.length
const one = encodeRecord(record).length

test('[LREC3] what a batch brings is one write, behind what was there', () => {
  journal.write(record)
  journal.write(record)
  expect(written).toEqual([{ at: 0, length: head }])
  journal.commit()
  journal.commit()
  journal.write(record)
  journal.flush()
  journal.flush()
  expect(written.slice(1)).toEqual([
    { at: head, length: 2 * one },
    { at: head + 2 * one, length: one },
  ])
  expect(journal.sizeBytes).toBe(head + 3 * one)
  expect(flushed).toBe(1)
})

test('[LREC3] a disk that is full is told, counts for nothing, and the file is closed all the same', () => {
  room = one
  journal.write(record)
  journal.write(record)
  expect(() => journal.commit()).toThrow('not all was written')
  expect(journal.sizeBytes).toBe(head)
  journal.write(record)
  journal.write(record)
  expect(() => journal.close()).toThrow('not all was written')
  expect(isClosed).toBe(true)
})
