import { startMediaRoom } from '@huisclos/testkit/media-room'
import { initLogger } from 'node-datachannel'
import { expect, test, vi } from 'vitest'
import { DatachannelTransport } from './datachannel-transport.ts'

test('the hop between a bot and the worker is SRTP with AEAD_AES_256_GCM', async () => {
  const lines: string[] = []
  initLogger('Debug', (_level, line) => lines.push(line))
  const room = await startMediaRoom()
  const transport = new DatachannelTransport()
  try {
    const { peer } = room.enter()
    const { transport: id, ...remote } = await peer.createTransport({ direction: 'send', tcpOnly: false })
    await peer.connect({ transport: id, dtls: transport.dtls })
    const states: string[] = []
    transport.onState = (state) => states.push(state)
    expect(transport.send(new Uint8Array(20))).toBe(false)
    transport.connect(remote)
    await vi.waitFor(() => expect(states.at(-1)).toBe('connected'), { timeout: 5000 })
    await vi.waitFor(() => expect(lines.filter((line) => line.includes('SRTP profile is'))).toHaveLength(1))
    expect(lines.find((line) => line.includes('SRTP profile is'))).toMatch(/AEAD_AES_256_GCM/)
  } finally {
    transport.close()
    await room.close()
    initLogger('Error', () => undefined)
  }
})

test('a worker with another certificate than announced is not connected to', async () => {
  const room = await startMediaRoom()
  const transport = new DatachannelTransport()
  try {
    const { peer } = room.enter()
    const { transport: id, ...remote } = await peer.createTransport({ direction: 'send', tcpOnly: false })
    await peer.connect({ transport: id, dtls: transport.dtls })
    const states: string[] = []
    transport.onState = (state) => states.push(state)
    const value = Array.from({ length: 32 }, () => 'AB').join(':')
    transport.connect({
      ...remote,
      dtls: { ...remote.dtls, fingerprints: [{ algorithm: 'sha-256', value }] },
    })
    await vi.waitFor(() => expect(states).toContain('failed'), { timeout: 8000 })
    expect(states).not.toContain('connected')
  } finally {
    transport.close()
    await room.close()
  }
})
