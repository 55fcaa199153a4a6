import { readdirSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { systemClock as clock } from '@huisclos/node-media'
import { startSyntheticVideo } from '@huisclos/node-media/synthetic-source'
import { expect, test, vi } from 'vitest'
import { PacketMeter } from '../forward/packet-meter.ts'
import { openJanus } from './janus.ts'
import { janusConfig, mediaAddress } from './janus-config.ts'
import { JANUS_MISSING, janusVersion } from './janus-process.ts'

const canRun = janusVersion() !== null && mediaAddress(networkInterfaces()) !== null
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('huisclos-janus-'))

test('where there is no Janus, its version is null and the message says how to install it', () => {
  expect(janusVersion('no-such-program-as-janus')).toBeNull()
  expect(JANUS_MISSING).toContain('apt-get install janus')
})

test('its API is on loopback and its media on one address that is not', () => {
  const files = janusConfig({ folder: '/tmp/x', apiPort: 4711, address: '192.0.2.7' })
  expect(files['janus.transport.websockets.jcfg']).toContain('ws_port = 4711 ws_ip = "127.0.0.1"')
  expect(files['janus.jcfg']).toContain('ice_enforce_list = "192.0.2.7"')
  const lo = { address: '127.0.0.1', family: 'IPv4', internal: true }
  const eth = { address: '192.0.2.7', family: 'IPv4', internal: false }
  const own = { address: 'fd00::2', family: 'IPv6', internal: false }
  const as = (found: object) => found as Parameters<typeof mediaAddress>[0]
  expect(mediaAddress(as({ lo: [lo], eth0: [own, eth] }))).toBe('192.0.2.7')
  expect(mediaAddress(as({ lo: [lo], eth0: [own] }))).toBeNull()
})

test.skipIf(!canRun)(
  'every packet of a sender reaches every watcher through Janus, which leaves nothing behind',
  async () => {
    const before = folders()
    const meter = new PacketMeter()
    const janus = await openJanus(meter, 2)
    const source = startSyntheticVideo({ clock, fps: 50, frameBytes: 1_000 })
    try {
      await janus.send(source.track)
      await vi.waitFor(() => expect(meter.received).toBeGreaterThan(100), { timeout: 10_000 })
      await janus.send(null)
      await vi.waitFor(() => expect(meter.received).toBe(2 * meter.sent), { timeout: 5_000 })
    } finally {
      source.stop()
      await janus.close()
    }
    expect(() => process.kill(janus.pids[0] as number, 0)).toThrow('ESRCH')
    expect(folders()).toEqual(before)
  },
  40_000,
)
