import { encodeBase64url } from '@huisclos/crypto/bytes'
import type { Socket } from '@huisclos/participant'
import { decodeRequest } from '@huisclos/protocol'
import { FakeClock } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import { BridgeLine } from './bridge-line.ts'

const door = new Uint8Array(32).fill(7)
const group = encodeBase64url(new Uint8Array(16))
const ticket = encodeBase64url(new Uint8Array(32))
const offer = (number: number, grant: string) =>
  JSON.stringify({ t: 'bridge.offer', offer: number, room: 'abcdefghijklmnop', group, ticket, grant })

/** A line with a clock, and the server's end of each of its sockets. */
function startLine(take: (sealed: Uint8Array) => Promise<boolean> = async () => true) {
  const clock = new FakeClock()
  const sockets: { socket: Socket; sent: object[]; closed: boolean }[] = []
  const states: boolean[] = []
  const over: string[] = []
  const line = new BridgeLine({
    clock,
    door,
    take,
    over: ({ room }) => over.push(room),
    changed: (open) => states.push(open),
    connect: () => {
      const end = { sent: [] as object[], closed: false, socket: {} as Socket }
      end.socket = {
        send: (text) => {
          const decoded = decodeRequest(text)
          if (!decoded.ok) throw new Error(`no schema has ${text}`)
          end.sent.push(decoded.value)
        },
        close: () => {
          end.closed = true
        },
        bufferedAmount: 0,
        onopen: null,
        onmessage: null,
        onclose: null,
      }
      sockets.push(end)
      return end.socket
    },
  })
  line.start()
  const last = () => sockets.at(-1) ?? sockets[0]!
  const says = (text: string) => last().socket.onmessage?.(text)
  const opens = () => {
    last().socket.onopen?.()
    says('{"t":"ok","re":1,"result":{"version":1}}')
  }
  return { clock, line, sockets, states, over, last, says, opens }
}

test('[TEL9] it shows the door first, and answers each offer by its number', async () => {
  const { last, says, opens, over, line } = startLine(async (sealed) => sealed.length === 3)
  opens()
  expect(last().sent).toMatchObject([{ t: 'bridge.listen', door: encodeBase64url(door) }])
  says(offer(1, 'AAAA'))
  says(offer(2, 'AAA'))
  await expect.poll(() => last().sent.length).toBe(3)
  expect(last().sent.slice(1)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ t: 'bridge.answer', offer: 1, taken: true }),
      expect.objectContaining({ t: 'bridge.answer', offer: 2, taken: false }),
    ]),
  )
  says(JSON.stringify({ t: 'bridge.over', room: 'abcdefghijklmnop', group }))
  expect(over).toEqual(['abcdefghijklmnop'])
  for (const noise of ['', '{}', '{"t":"media.lost","seq":1}', offer(3, '!')]) says(noise)
  expect([last().sent.length, line.open]).toEqual([3, true])
})

test('[TEL9] a judge that fails takes nothing, and the line goes on', async () => {
  const { last, says, opens } = startLine(async () => {
    throw new Error('a defect')
  })
  opens()
  says(offer(1, 'AAAA'))
  await expect.poll(() => last().sent.at(-1)).toMatchObject({ t: 'bridge.answer', taken: false })
})

test('[TEL9] it comes back after a break, later each time, and after a silence of the server', async () => {
  const { clock, sockets, states, last, opens, says, line } = startLine()
  opens()
  last().socket.onclose?.()
  await clock.advance(999)
  expect(sockets).toHaveLength(1)
  await clock.advance(1)
  expect(sockets).toHaveLength(2)
  last().socket.onclose?.()
  await clock.advance(2_000)
  expect(sockets).toHaveLength(3)
  opens()
  await clock.advance(15_000)
  expect(last().sent.at(-1)).toMatchObject({ t: 'ping' })
  says('{"t":"ok","re":2,"result":{}}')
  await clock.advance(15_000)
  expect(sockets).toHaveLength(3)
  await clock.advance(15_000)
  expect(sockets[2]?.closed).toBe(true)
  await clock.advance(1_000)
  expect(sockets).toHaveLength(4)
  opens()
  line.close()
  last().socket.onclose?.()
  await clock.advance(60_000)
  expect(sockets).toHaveLength(4)
  expect(states).toEqual([true, false, true, false, true, false])
})
