import { encodeFragment, newMeetingLink } from '@huisclos/crypto/link'
import { expect, test } from 'vitest'
import type { LinkKeeper } from '../platform/link-keeper.ts'
import type { PagePort } from './page-links.ts'
import { PageLinks } from './page-links.ts'

const link = newMeetingLink()
const fragment = encodeFragment(link)

/** A page at an address, and everything that its history was ever told. */
function page(path: string, recovered: string | null = null) {
  const at = new URL(path, 'https://meet.example.org')
  const written: string[] = []
  const held: string[] = []
  const listeners: (() => void)[] = []
  const go = (_state: unknown, _title: string, url?: string | URL | null) => {
    written.push(String(url))
    const next = new URL(String(url), at)
    at.pathname = next.pathname
    at.hash = next.hash
  }
  const port: PagePort = {
    location: at as unknown as Location,
    history: { state: { kept: 1 }, pushState: go, replaceState: go, back: () => undefined },
    addEventListener: (_type, moved) => void listeners.push(moved),
  }
  const keeper: LinkKeeper = {
    recover: async () => recovered,
    hold: (room, kept) => {
      held.push(`${room} ${kept}`)
      return () => void held.push('released')
    },
  }
  return { links: new PageLinks(port, keeper), at, written, held, move: () => listeners[0]?.() }
}

test('[LINK1] the fragment is taken out of the address at the first look, and never written back', () => {
  const { links, at, written } = page(`/m/${link.room}#${fragment}`)
  expect(links.visit()).toMatchObject({ at: 'meeting', link: { room: link.room } })
  expect(at.href).toBe(`https://meet.example.org/m/${link.room}`)
  links.goHome()
  links.goTo(link)
  expect(links.visit()).toMatchObject({ at: 'meeting' })
  expect(written.join(' ')).not.toContain(fragment)
})

test('[LINK1] a damaged fragment is taken out too', () => {
  const { links, at } = page(`/m/${link.room}#${fragment.slice(5)}`)
  expect(links.visit()).toMatchObject({ at: 'problem' })
  expect(at.hash).toBe('')
})

test('[LINK4] an address without its fragment is told, unless the link is known here or the keeper has it', async () => {
  expect(page(`/m/${link.room}`).links.visit()).toEqual({ at: 'problem', why: 'no-secret' })
  const known = page(`/m/${link.room}`)
  known.links.know(link)
  expect(known.links.visit()).toMatchObject({ at: 'meeting' })
  const kept = page(`/m/${link.room}`, fragment)
  await kept.links.recover()
  expect(kept.links.visit()).toMatchObject({ at: 'meeting', link: { room: link.room } })
})

test('what the keeper hands back is judged like any link', async () => {
  const { links } = page(`/m/${link.room}`, 'nonsense')
  await links.recover()
  expect(links.visit()).toEqual({ at: 'problem', why: 'no-secret' })
})

test('the keeper is only told of the meeting that is on screen', () => {
  const { links, held } = page(`/m/${link.room}#${fragment}`)
  links.visit()
  expect(held).toEqual([`${link.room} ${fragment}`])
  links.goHome()
  links.visit()
  expect(held.at(-1)).toBe('released')
})

test('another link pasted over the address is a move', () => {
  const { links, move, at } = page(`/m/${link.room}#${fragment}`)
  let moves = 0
  const end = links.onMove(() => moves++)
  links.visit()
  const other = newMeetingLink()
  at.pathname = `/m/${other.room}`
  at.hash = encodeFragment(other)
  move()
  expect(links.visit()).toMatchObject({ at: 'meeting', link: { room: other.room } })
  end()
  move()
  expect(moves).toBe(1)
})
