import { bridgeKeyFromSeed, newBridgeSeed, sealBridgeGrant } from '@huisclos/crypto/seal'
import type { Socket } from '@huisclos/participant'
import { expect, test } from 'vitest'
import { EncryptedDoor } from './encrypted-door.ts'

const shown = { name: 'Cabinet Lune', number: '+33 1 84 88 00 00' }
const key = await bridgeKeyFromSeed(newBridgeSeed(), shown)
const other = await bridgeKeyFromSeed(newBridgeSeed(), shown)
const random = (size: number) => crypto.getRandomValues(new Uint8Array(size))
const hostSeed = random(32)
const ticket = random(32)
const caller = { label: '•• •• ••', trunk: 't', key: 'k' }
const on = { admitted() {}, muted() {}, removed() {}, ended() {} }

/** A server that never answers: what is taken is judged before anybody joins. */
const silent = (): Socket => ({
  send() {},
  close() {},
  bufferedAmount: 0,
  onopen: null,
  onmessage: null,
  onclose: null,
})

function openDoor(bridge = key) {
  const state = { now: 1_000, connections: 0 }
  const door = new EncryptedDoor({
    key: bridge,
    now: () => state.now,
    connect: () => {
      state.connections += 1
      return silent()
    },
  })
  return { door, state }
}

/** A grant as a host's page makes it, and where the server says that it belongs. */
async function newGrant(change: { pin?: string; expiresAt?: number; group?: Uint8Array<ArrayBuffer> } = {}) {
  const { pin = '246813579', expiresAt = 60_000, group = random(16) } = change
  const place = { room: 'abcdefghijklmnop', group }
  const sealed = await sealBridgeGrant(key.card, hostSeed, {
    ...place,
    id: random(16),
    expiresAt,
    psk: random(32),
    admission: random(32),
    serverKey: random(32),
    descriptorVersion: 1,
    lobby: false,
    recording: false,
    pin,
  })
  return { sealed, place }
}

test('[TEL2] a grant opens one meeting, which nobody joins before a caller has its PIN', async () => {
  const { door, state } = openDoor()
  const { sealed, place } = await newGrant()
  expect(await door.take(sealed, place, ticket)).toBe('taken')
  expect(door.meetings).toHaveLength(1)
  expect(await door.open('999999999', caller, on)).toBeNull()
  expect(state.connections).toBe(0)
  const seated = door.open('246813579', caller, on)
  await expect.poll(() => state.connections).toBe(1)
  expect(door.meetings[0]?.callers).toBe(1)
  door.close()
  await seated
  expect(door.meetings).toHaveLength(0)
  expect(await door.open('246813579', caller, on)).toBeNull()
})

test('[TEL2] a second invitation to the same meeting brings another PIN to it, four at most', async () => {
  const { door } = openDoor()
  const group = random(16)
  const taken = []
  for (let i = 0; i < 5; i += 1) {
    const { sealed, place } = await newGrant({ group, pin: `24681357${i}` })
    taken.push(await door.take(sealed, place, ticket))
  }
  expect(taken).toEqual(['taken', 'taken', 'taken', 'taken', 'full'])
  expect(door.meetings).toHaveLength(1)
})

test('[TEL2] attack: a grant is replayed: seen, and no second meeting opens', async () => {
  const { door, state } = openDoor()
  const { sealed, place } = await newGrant()
  expect(await door.take(sealed, place, ticket)).toBe('taken')
  expect(await door.take(sealed, place, ticket)).toBe('seen')
  // Neither while the meeting goes on nor when it is over, nor when its time has run out.
  door.close()
  expect(await door.take(sealed, place, ticket)).toBe('seen')
  state.now = 60_000
  expect(await door.take(sealed, place, ticket)).toBe('expired')
  expect(door.meetings).toHaveLength(0)
  // The control: another grant of the same host is taken.
  const next = await newGrant({ expiresAt: 120_000 })
  expect(await door.take(next.sealed, next.place, ticket)).toBe('taken')
})

test('[TEL2] attack: a grant for another bridge, meeting or time: it does not open, or is expired', async () => {
  const { sealed, place } = await newGrant()
  expect(await openDoor(other).door.take(sealed, place, ticket)).toBe('does-not-open')
  const { door, state } = openDoor()
  expect(await door.take(sealed, { ...place, group: random(16) }, ticket)).toBe('does-not-open')
  expect(await door.take(sealed.slice(1), place, ticket)).toBe('malformed')
  state.now = 60_000
  expect(await door.take(sealed, place, ticket)).toBe('expired')
  state.now = 59_999
  expect(await door.take(sealed, place, ticket)).toBe('taken')
})

test('[TEL2] attack: a grant that would hardly ever expire: too-long, and no place is taken by it', async () => {
  const { door, state } = openDoor()
  const longest = state.now + 48 * 3_600_000
  const never = await newGrant({ expiresAt: longest + 1 })
  expect(await door.take(never.sealed, never.place, ticket)).toBe('too-long')
  expect(door.meetings).toHaveLength(0)
  // It is not kept among those that were seen: two days nearer to its end the same one is judged anew.
  state.now += 1
  expect(await door.take(never.sealed, never.place, ticket)).toBe('taken')
})

test('[TEL2] attack: somebody who knows the card invites it without the room’s host key: signature-invalid', async () => {
  const { sealed, place } = await newGrant()
  // Bridge `other` poses as this one's host would: what it was sent, sealed on to a bridge with another card.
  const forger = { ...key, card: { ...key.card, mailbox: other.card.mailbox } }
  expect(await openDoor(forger).door.take(sealed, place, ticket)).toBe('signature-invalid')
  expect(await openDoor().door.take(sealed, place, ticket)).toBe('taken')
})

test('[TEL4] attack: a grant brings a PIN that another meeting has: pin-taken, and callers come where they were going', async () => {
  const { door } = openDoor()
  const first = await newGrant()
  const second = await newGrant()
  expect(await door.take(first.sealed, first.place, ticket)).toBe('taken')
  expect(await door.take(second.sealed, second.place, ticket)).toBe('pin-taken')
  expect(door.meetings).toHaveLength(1)
  const third = await newGrant({ pin: '135792468' })
  expect(await door.take(third.sealed, third.place, ticket)).toBe('taken')
})
