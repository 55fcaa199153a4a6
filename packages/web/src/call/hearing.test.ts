import type { Source, WantedSize } from '@huisclos/participant'
import { expect, test } from 'vitest'
import type { PictureMode } from '../ui/ports.ts'
import { Hearing } from './hearing.ts'

function start() {
  const wanted: string[] = []
  const modes: PictureMode[] = []
  const hearing = new Hearing(
    (leaf: number, source: Source, size: WantedSize) => void wanted.push(`${leaf} ${source} ${size}`),
    (mode) => void modes.push(mode),
  )
  return { hearing, modes, wants: () => wanted.splice(0) }
}
const person = (leaf: number, name: string, self = false) => ({ leaf, name, self })

test('[DEV7] audio only: nothing is asked of any picture, whatever the screen would like', () => {
  const { hearing, modes, wants } = start()
  hearing.wish(1, 'camera', 'large')
  hearing.wish(2, 'camera', 'small')
  hearing.wish(2, 'screen', 'large')
  expect(wants()).toEqual(['1 camera large', '2 camera small', '2 screen large'])
  hearing.setPictures('none')
  expect(wants()).toEqual(['1 camera none', '2 camera none', '2 screen none'])
  hearing.wish(1, 'camera', 'medium')
  expect(wants()).toEqual(['1 camera none'])
  hearing.setPictures('all')
  expect(wants()).toEqual(['1 camera medium', '2 camera small', '2 screen large'])
  expect(modes).toEqual(['none', 'all'])
})

test('[DEV7] data saver: only small layers, and what is off screen stays off', () => {
  const { hearing, wants } = start()
  hearing.wish(1, 'camera', 'large')
  hearing.wish(2, 'camera', 'none')
  wants()
  hearing.setPictures('saver')
  expect(wants()).toEqual(['1 camera small', '2 camera none'])
})

test('[DEV7] who has left is not asked for again', () => {
  const { hearing, wants } = start()
  hearing.meet([person(1, 'Bob'), person(2, 'Chloé')])
  hearing.wish(1, 'camera', 'large')
  hearing.wish(2, 'camera', 'large')
  wants()
  hearing.meet([person(2, 'Chloé')])
  hearing.setPictures('saver')
  expect(wants()).toEqual(['2 camera small'])
})

test('[DEV6] a volume is kept within bounds, and is one person’s alone', () => {
  const { hearing } = start()
  hearing.meet([person(0, 'Ada', true), person(1, 'Bob'), person(2, 'Chloé')])
  hearing.setVolume(1, 1_000)
  expect([...hearing.view.volumes]).toEqual([[1, 200]])
  hearing.setVolume(1, -3)
  expect([...hearing.view.volumes]).toEqual([[1, 0]])
})

test('[DEV6] whoever reloads keeps their volume; whoever takes their leaf does not get it', () => {
  const { hearing } = start()
  hearing.meet([person(1, 'Bob'), person(2, 'Chloé')])
  hearing.setVolume(1, 40)
  hearing.meet([person(2, 'Chloé')])
  expect(hearing.view.volumes.size).toBe(0)
  hearing.meet([person(1, 'Dan'), person(2, 'Chloé'), person(3, 'Bob')])
  expect([...hearing.view.volumes]).toEqual([[3, 40]])
})

test('[DEV6] a volume set before the name has come is kept when it comes', () => {
  const { hearing } = start()
  hearing.meet([person(1, '')])
  hearing.setVolume(1, 30)
  hearing.meet([person(1, 'Bob')])
  expect([...hearing.view.volumes]).toEqual([[1, 30]])
})
