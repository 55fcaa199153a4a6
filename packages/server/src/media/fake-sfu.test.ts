import { PeerId } from '@huisclos/protocol'
import { expect, test, vi } from 'vitest'
import { FakeSfu } from './fake-sfu.ts'

test('losing a worker loses the rooms on it, once, and no others', async () => {
  const sfu = new FakeSfu({ workers: 2 })
  const [onLost, otherLost] = [vi.fn<() => void>(), vi.fn<() => void>()]
  const room = await sfu.createRoom({ onLost })
  const other = await sfu.createRoom({ onLost: otherLost })
  const peer = room.addPeer({ peer: PeerId.parse('A'.repeat(22)), onEvent: () => undefined })
  sfu.loseWorker(room)
  sfu.loseWorker(room)
  expect(onLost).toHaveBeenCalledTimes(1)
  expect(otherLost).not.toHaveBeenCalled()
  expect([room.closed, other.closed]).toEqual([true, false])
  await expect(peer.createTransport({ direction: 'send', tcpOnly: false })).rejects.toMatchObject({
    code: 'media-unavailable',
  })
  await expect(sfu.createRoom({ onLost })).resolves.toMatchObject({ closed: false })
})
