// Telephones that others made, in a real encrypted meeting: baresip over UDP, and over TLS with SRTP; SIPp with an INVITE
// without an offer and keys in SIP INFO. Each is heard as its tone by everybody, and hears everybody but itself.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EncodedTrack } from '@huisclos/node-media'
import type { Meeting } from '@huisclos/participant'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import { afterEach, expect, test } from 'vitest'
import { parseConfig } from '../config/phone-config.ts'
import { PhoneBridge } from '../phone-bridge.ts'
import type { BaresipOptions } from '../testing/baresip.ts'
import { Baresip } from '../testing/baresip.ts'
import { bridgeIn, enterScene, openSceneDoor, sceneKey } from '../testing/bridge-scene.ts'
import { makeCertificate } from '../testing/certificate.ts'
import { InfoCaller } from '../testing/info-caller.ts'
import { haveAll } from '../testing/programs.ts'
import { until } from '../testing/until.ts'
import { isBridge, listenTo, playTone } from '../testing/voices.ts'
import { connectTo } from './server-socket.ts'

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const CALLERS = [440, 560, 700] as const
const [ANAIS_HZ, BENOIT_HZ] = [1000, 1300]
const LOUD = 700
/** Somebody else's machine may be slow, and has five tones to make at once. */
const WITHIN_MS = 30_000

/** Anaïs hosts, Benoît is a guest, both play a tone; a bridge that has a certificate. */
async function openScene() {
  const folder = mkdtempSync(join(tmpdir(), 'huisclos-tls-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  const certificate = makeCertificate(folder)
  const place = await startMeetingPlace({ hosted: { bridge: sceneKey.card } })
  ends.push(() => place.close())
  const { door, line } = await openSceneDoor(() => connectTo(place.server.url))
  const config = parseConfig({
    udp: { host: '127.0.0.1', port: 0 },
    tls: { host: '127.0.0.1', port: 0, ...certificate },
    announced: '127.0.0.1',
    media: { host: '127.0.0.1', from: 31_000, to: 31_999 },
    trunks: [{ name: 'test', allow: ['127.0.0.1'], language: 'en' }],
  })
  const bridge = await PhoneBridge.start(config, door)
  ends.push(
    () => bridge.close(),
    () => door.close(),
    () => line.close(),
  )
  const { link, hostSeed, connect } = place
  const host = await enterScene({ link, name: 'Anaïs', hostSeed }, connect)
  const guest = await enterScene({ link, name: 'Benoît', hostSeed: null }, connect)
  ends.push(() => host.leave(), await playTone(host, ANAIS_HZ))
  ends.push(() => guest.leave(), await playTone(guest, BENOIT_HZ))
  await host.invitePhones()
  return { bridge, host, guest, pin: host.view.phones.invitation?.pin ?? '' }
}

async function callFromBaresip(options: BaresipOptions, pin: string): Promise<Baresip> {
  const phone = await Baresip.start(options)
  ends.push(() => phone.close())
  expect(await phone.call()).toBe(200)
  await phone.press(`${pin}#`)
  return phone
}

const callersOf = (meeting: Meeting<EncodedTrack>) => bridgeIn(meeting.view)?.bridge?.callers ?? []

test.skipIf(!haveAll('baresip', 'sipp', 'openssl'))(
  '[TEL1][TEL5][TEL8] baresip by RTP events, baresip over TLS and SRTP, and SIPp by SIP INFO without an offer enter one encrypted meeting, are heard and hear',
  async () => {
    const { bridge, host, guest, pin } = await openScene()
    const [udp = 0, tls = 0] = [bridge.ports.udp, bridge.ports.tls]
    const entered = (callers: number) =>
      until(`${callers} are in`, () => callersOf(host).length === callers, WITHIN_MS)

    const plain = await callFromBaresip(
      { port: udp, codec: 'PCMU', number: '+33612345601', hertz: CALLERS[0] },
      pin,
    )
    await entered(1)
    const secret = await callFromBaresip(
      {
        port: tls,
        transport: 'tls',
        srtp: true,
        codec: 'opus',
        number: '+33612345602',
        hertz: CALLERS[1],
      },
      pin,
    )
    await entered(2)
    const keys = [`${pin}#`, '*6*6']
    const info = await InfoCaller.call(udp, { number: '+33612345603', keys, seconds: 60, late: true })
    ends.push(() => info.close())
    info.voice.tone = CALLERS[2]
    info.voice.speak()
    await entered(3)
    // A key's prompt takes the place of the greeting that plays over the meeting.
    for (const phone of [plain, secret]) await phone.press('*6*6')

    for (const meeting of [host, guest]) {
      for (const [i, hertz] of CALLERS.entries()) {
        const ear = listenTo(meeting, isBridge, `caller-${i}` as 'caller-0')
        ends.push(() => ear.close())
        await until(`caller ${i} is heard as its tone`, () => ear.hears(hertz) > LOUD, WITHIN_MS)
        for (const other of CALLERS) if (other !== hertz) expect(ear.hears(other)).toBeLessThan(LOUD / 5)
      }
    }
    for (const [i, phone] of [plain, secret, info.voice].entries()) {
      const others = [ANAIS_HZ, BENOIT_HZ, ...CALLERS.filter((_, at) => at !== i)]
      await until(
        `caller ${i} hears everybody else`,
        () => others.every((hertz) => phone.hears(hertz, 0.5) > LOUD),
        WITHIN_MS,
      )
      expect(phone.hears(CALLERS[i] ?? 0, 0.5)).toBeLessThan(LOUD / 5)
    }
    for (const phone of [plain, secret])
      await until('the bridge’s reports have come', () => phone.reported, WITHIN_MS)
    expect(secret.said).toContain('SRTP is Enabled (cryptosuite=AES_CM_128_HMAC_SHA1_80)')
    expect([host.view.alarms, guest.view.alarms, info.status]).toEqual([[], [], null])

    const ear = listenTo(host, isBridge, 'caller-0')
    ends.push(() => ear.close())
    plain.hold()
    await until(
      'who is on hold is not heard',
      () => ear.hears(CALLERS[0]) < LOUD / 5 && ear.frames > 50,
      WITHIN_MS,
    )
    plain.resume()
    await until('and is again', () => ear.hears(CALLERS[0]) > LOUD, WITHIN_MS)
    await until('and hears', () => plain.hears(ANAIS_HZ, 0.5) > LOUD, WITHIN_MS)

    plain.hangUp()
    await entered(2)
    host.orderCaller(bridgeIn(host.view)?.leaf ?? -1, 1, 'remove')
    await until('baresip is hung up on', () => secret.hungUp, WITHIN_MS)
  },
  120_000,
)
