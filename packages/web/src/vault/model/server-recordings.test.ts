import { encodeBase64url } from '@huisclos/crypto/bytes'
import { deriveOwnerToken, newHostKey, newMeetingLink } from '@huisclos/crypto/link'
import { describe, expect, test } from 'vitest'
import type { OwnMeeting } from '../../call/meeting-shelf.ts'
import { ServerRecordings } from './server-recordings.ts'

const host = newHostKey()
const meeting: OwnMeeting = {
  link: newMeetingLink(host.publicKey),
  hostSeed: host.seed,
  title: 'Board',
  expiresAt: 9e15,
  descriptorVersion: 1,
}
const token = encodeBase64url(deriveOwnerToken(host.seed, meeting.link.room))
const ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const files: Record<string, Uint8Array<ArrayBuffer>> = {
  '000001.hcs': Uint8Array.from({ length: 100 }, (_, i) => i),
  manifest: Uint8Array.of(7, 8),
}

interface Wishes {
  /** Breaks off once after so many bytes. */
  breakAt?: number
  status?: number
  names?: string[]
}

function server({ breakAt, status = 200, names = Object.keys(files) }: Wishes = {}) {
  const asked: { path: string; headers: Record<string, string> }[] = []
  let broken = false
  const ask = async (path: string, { headers, signal }: RequestInit): Promise<Response> => {
    asked.push({ path, headers: { ...(headers as Record<string, string>) } })
    signal?.throwIfAborted()
    if (path === '/api/recordings') {
      const list = names.map((name) => ({ name, sizeBytes: files[name]?.length ?? 1 }))
      const entry = { recording: ID, startedAt: 5, endedAt: 6, deletedAt: null, files: list }
      return new Response(JSON.stringify({ recordings: [entry] }), { status })
    }
    const bytes = files[path.split('/').at(-1) ?? ''] ?? new Uint8Array()
    const from = Number(/bytes=(\d+)-/.exec(asked.at(-1)?.headers['range'] ?? '')?.[1] ?? 0)
    if (breakAt === undefined || broken || bytes.length < breakAt)
      return new Response(bytes.slice(from), { status: from > 0 ? 206 : 200 })
    broken = true
    const body = new ReadableStream({
      start: (out) => out.enqueue(bytes.slice(0, breakAt)),
      pull: (out) => out.error(new TypeError('network')),
    })
    return new Response(body)
  }
  const recordings = new ServerRecordings(async () => [meeting], ask)
  return { recordings, asked }
}
const never = new AbortController().signal

describe('recordings on the server', () => {
  test('[OPEN3] [REC13] are listed with the owner token of each hosted meeting, in no address', async () => {
    const { recordings, asked } = server()
    await recordings.look()
    expect(recordings.view).toEqual({
      at: 'listed',
      recordings: [{ id: ID, title: 'Board', startedAt: 5, endedAt: 6, sizeBytes: 102 }],
    })
    expect(asked[0]?.headers['authorization']).toBe(`Bearer ${token}`)
    expect(asked.some(({ path }) => path.includes(token))).toBe(false)
  })

  test('[OPEN3] are fetched whole, with progress', async () => {
    const { recordings } = server()
    await recordings.look()
    const parts: number[] = []
    const fetched = await recordings.fetch(ID, (part) => parts.push(part), never)
    expect(fetched.map(({ name }) => name)).toEqual(['000001.hcs', 'manifest'])
    expect(new Uint8Array(await (fetched[0]?.blob ?? new Blob()).arrayBuffer())).toEqual(files['000001.hcs'])
    expect(parts.at(-1)).toBe(1)
  })

  test('[OPEN3] a connection that breaks off is gone on with where it broke', async () => {
    const { recordings, asked } = server({ breakAt: 40 })
    await recordings.look()
    const [segment] = await recordings.fetch(ID, () => {}, never)
    expect(new Uint8Array(await (segment?.blob ?? new Blob()).arrayBuffer())).toEqual(files['000001.hcs'])
    expect(asked.map(({ headers }) => headers['range'])).toContain('bytes=40-')
  })

  test('attack: the server names a file outside the recording: it is not asked for', async () => {
    const { recordings, asked } = server({ names: ['../../rooms/x', '000001.hcs'] })
    await recordings.look()
    expect(await recordings.fetch(ID, () => {}, never)).toHaveLength(1)
    expect(asked.some(({ path }) => path.includes('rooms'))).toBe(false)
  })

  test('where recordings are off there are none; where nobody answers that is said; a guest asks for nothing', async () => {
    const off = server({ status: 404 })
    await off.recordings.look()
    expect(off.recordings.view).toEqual({ at: 'listed', recordings: [] })
    const dead = new ServerRecordings(
      async () => [meeting],
      () => Promise.reject(new TypeError('network')),
    )
    await dead.look()
    expect(dead.view.at).toBe('unreachable')
    const guest = new ServerRecordings(async () => [], dead.fetch as never)
    await guest.look()
    expect(guest.view.at).toBe('none')
  })

  test('[OPEN3] an access file lists what its token owns, and what is none is refused', async () => {
    const asked: (string | undefined)[] = []
    const recordings = new ServerRecordings(
      async () => [],
      async (_path, { headers }) => {
        asked.push((headers as Record<string, string>)['authorization'])
        return new Response(JSON.stringify({ recordings: [] }))
      },
    )
    expect(recordings.addToken('ABCD EFGH')).toBe(false)
    expect(asked).toEqual([])
    expect(recordings.addToken(`${token}\n`)).toBe(true)
    await recordings.look()
    expect(new Set(asked)).toEqual(new Set([`Bearer ${token}`]))
    expect(recordings.view).toEqual({ at: 'listed', recordings: [] })
  })

  test('is given up when somebody cancels', async () => {
    const { recordings } = server()
    await recordings.look()
    const own = new AbortController()
    own.abort()
    await expect(recordings.fetch(ID, () => {}, own.signal)).rejects.toThrow()
  })
})
