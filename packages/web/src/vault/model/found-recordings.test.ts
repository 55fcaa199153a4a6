import { expect, test } from 'vitest'
import { sortFiles } from './found-recordings.ts'

const file = (path: string, sizeBytes = 10) => ({ path, blob: new Blob([new Uint8Array(sizeBytes)]) })

test('[OPEN3] a folder with segments is a recording, whatever else lies in it', () => {
  const { recordings, keys, strangers } = sortFiles([
    file('board/000001.hcs', 100),
    file('board/000002.hcs', 50),
    file('board/manifest', 5),
    file('board/manifest.new'),
    file('board/.DS_Store'),
  ])
  expect(recordings).toMatchObject([{ name: 'board', sizeBytes: 155 }])
  expect(recordings[0]?.files.map(({ name }) => name)).toEqual(['000001.hcs', '000002.hcs', 'manifest'])
  expect([keys, strangers]).toEqual([[], []])
})

test('[OPEN3] files without a folder are one recording; a folder of folders holds several', () => {
  expect(sortFiles([file('000001.hcs'), file('manifest')]).recordings).toMatchObject([{ name: '' }])
  const several = sortFiles([file('all/a/000001.hcs'), file('all/b/000001.hcs'), file('all/b/manifest')])
  expect(several.recordings.map(({ name, files }) => [name, files.length])).toEqual([
    ['a', 1],
    ['b', 2],
  ])
})

test('[OPEN3] a segment under another name is given to the reader, which says so; a manifest alone is nothing', () => {
  expect(sortFiles([file('000001 (1).hcs')]).recordings).toHaveLength(1)
  expect(sortFiles([file('manifest')]).recordings).toEqual([])
})

test('[OPEN3] keys are told from strangers by name and size', () => {
  const { keys, accesses, strangers } = sortFiles([
    file('board.key.json'),
    file('huisclos-recordings.token', 44),
    file('huge.token', 65),
    file('share-1.HTML'),
    file('letters.txt', 200),
    file('film.mp4'),
    file('huge.json', 65 * 1024),
  ])
  expect(keys.map(({ path }) => path)).toEqual(['board.key.json', 'share-1.HTML', 'letters.txt'])
  expect(accesses.map(({ path }) => path)).toEqual(['huisclos-recordings.token'])
  expect(strangers).toEqual(['huge.token', 'film.mp4', 'huge.json'])
})
