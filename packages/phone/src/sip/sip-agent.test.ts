import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { REALM } from './digest.ts'
import type { SipAction } from './sip-agent.ts'
import type { SipMessage } from './sip-message.ts'
import { header, headerList } from './sip-message.ts'
import { makeAgent, openTrunk, peer, request, sent, sentBy, tagOf } from './testing.ts'
import type { Trunk } from './trunks.ts'

const SDP = Buffer.from('v=0\r\n')
const kinds = (actions: readonly SipAction<Trunk>[]) => actions.map(({ t }) => t).filter((t) => t !== 'send')
const statuses = (actions: readonly SipAction<Trunk>[]) => sentBy(actions).map(({ status }) => status)
const methods = (actions: readonly SipAction<Trunk>[]) =>
  sent(actions).map((one: SipMessage) => (one.kind === 'request' ? one.method : one.status))

function talkingAgent(trunks?: Trunk[]) {
  const agent = makeAgent(trunks)
  agent.receive(0, peer, request({ method: 'INVITE', branch: 'z9hG4bKi' }))
  const tag = tagOf(sentBy(agent.accept(10, 1, SDP))[0])
  const confirmed = agent.receive(20, peer, request({ method: 'ACK', toTag: tag }))
  return { agent, tag, confirmed }
}

describe('a call', () => {
  test('is offered, answered, acknowledged and ended by the caller', () => {
    const { agent, tag, confirmed } = talkingAgent()
    expect(kinds(confirmed)).toEqual(['confirmed'])
    const bye = agent.receive(30, peer, request({ method: 'BYE', sequence: 2, toTag: tag }))
    expect(statuses(bye)).toEqual([200])
    expect(bye).toContainEqual({ t: 'ended', call: 1, why: 'bye' })
    expect(agent.kept.calls).toBe(0)
  })

  test('answers an INVITE sent again with what it answered, and offers it once', () => {
    const agent = makeAgent()
    const invite = request({ method: 'INVITE' })
    expect(kinds(agent.receive(0, peer, invite))).toEqual(['offered'])
    expect(agent.receive(1, peer, invite).map(({ t }) => t)).toEqual(['send'])
    agent.accept(2, 1, SDP)
    const again = agent.receive(3, peer, invite)
    expect(kinds(again)).toEqual([])
    expect(statuses(again)).toEqual([200])
  })

  test('sends 200 again until the ACK, and hangs up when none comes', () => {
    const agent = makeAgent()
    agent.receive(0, peer, request({ method: 'INVITE' }))
    agent.accept(0, 1, SDP)
    const times: number[] = []
    for (let now = 100; now < 32_000; now += 100) if (statuses(agent.tick(now)).includes(200)) times.push(now)
    expect(times.slice(0, 5)).toEqual([500, 1500, 3500, 7500, 11_500])
    const over = agent.tick(32_000)
    expect(methods(over)).toEqual(['BYE'])
    expect(over).toContainEqual({ t: 'ended', call: 1, why: 'lost' })
  })

  test('cancelled before it was answered ends with 487, sent again until the ACK', () => {
    const agent = makeAgent()
    agent.receive(0, peer, request({ method: 'INVITE', branch: 'z9hG4bKx' }))
    const cancel = agent.receive(10, peer, request({ method: 'CANCEL', branch: 'z9hG4bKx' }))
    expect(statuses(cancel)).toEqual([200, 487])
    expect(cancel).toContainEqual({ t: 'ended', call: 1, why: 'cancelled' })
    expect(statuses(agent.tick(520))).toEqual([487])
    agent.receive(600, peer, request({ method: 'ACK', branch: 'z9hG4bKx' }))
    expect(agent.tick(3000)).toEqual([])
    expect(agent.kept.calls).toBe(0)
  })

  test('is hung up by us only after the ACK, along the recorded route', () => {
    const agent = makeAgent()
    const route = 'Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>'
    agent.receive(0, peer, request({ method: 'INVITE', headers: [route] }))
    const tag = tagOf(sentBy(agent.accept(0, 1, SDP))[0])
    expect(methods(agent.hangUp(5, 1))).toEqual([])
    const [bye] = sent(agent.receive(10, peer, request({ method: 'ACK', toTag: tag })))
    expect(bye).toMatchObject({ kind: 'request', method: 'BYE', uri: 'sip:caller@192.0.2.7:5060' })
    expect(bye && headerList(bye, 'route')).toEqual(['<sip:p1.example;lr>', '<sip:p2.example;lr>'])
    expect(bye && header(bye, 'from')).toContain(`tag=${tag}`)
  })

  test('a BYE of ours is sent again until it is answered', () => {
    const { agent } = talkingAgent()
    const [bye] = sent(agent.hangUp(1000, 1))
    expect(methods(agent.tick(1500))).toEqual(['BYE'])
    const answer = `SIP/2.0 200 OK\r\nVia: x\r\nCall-ID: ${bye && header(bye, 'call-id')}\r\nCSeq: 1 BYE\r\n\r\n`
    agent.receive(1600, peer, Buffer.from(answer))
    expect(agent.kept.calls).toBe(0)
  })

  test('a second INVITE of the same dialog by another way is a loop', () => {
    const agent = makeAgent()
    agent.receive(0, peer, request({ method: 'INVITE', branch: 'z9hG4bK1' }))
    expect(statuses(agent.receive(1, peer, request({ method: 'INVITE', branch: 'z9hG4bK2' })))).toEqual([482])
  })

  test('a re-INVITE is offered again; refused, the call stands', () => {
    const { agent, tag } = talkingAgent()
    const again = request({ method: 'INVITE', sequence: 2, toTag: tag })
    expect(kinds(agent.receive(50, peer, again))).toEqual(['offered-again'])
    expect(statuses(agent.refuse(51, 1, { status: 488, reason: 'Not Acceptable Here' }))).toEqual([488])
    const bye = agent.receive(60, peer, request({ method: 'BYE', sequence: 3, toTag: tag }))
    expect(statuses(bye)).toEqual([200])
  })

  test('keys come by INFO, each once', () => {
    const { agent, tag } = talkingAgent()
    const relay = 'Content-Type: application/dtmf-relay'
    const info = {
      method: 'INFO',
      sequence: 2,
      toTag: tag,
      headers: [relay],
      body: 'Signal=5\r\nDuration=160\r\n',
    }
    expect(agent.receive(50, peer, request(info))).toContainEqual({ t: 'dtmf', call: 1, key: '5' })
    const again = agent.receive(60, peer, request(info))
    expect(kinds(again)).toEqual([])
    expect(statuses(again)).toEqual([200])
  })
})

describe('[TEL7] what it will not do', () => {
  test('REFER is refused, in a call and outside', () => {
    const { agent, tag } = talkingAgent()
    const refer = { method: 'REFER', sequence: 2, headers: ['Refer-To: <sip:900@premium.example>'] }
    const answered = [
      ...statuses(agent.receive(30, peer, request({ ...refer, toTag: tag }))),
      ...statuses(agent.receive(31, peer, request({ ...refer, callId: 'other' }))),
    ]
    expect(answered).toEqual([405, 405])
  })

  test('a dialog is spoken in only by who has its tag, from its address', () => {
    const { agent, tag } = talkingAgent()
    const bye = { method: 'BYE', sequence: 2 }
    expect(statuses(agent.receive(30, peer, request({ ...bye, toTag: 'guessed' })))).toEqual([481])
    const elsewhere = { ...peer, address: '192.0.2.8' }
    expect(
      statuses(agent.receive(31, elsewhere, request({ ...bye, branch: 'z9hG4bKe', toTag: tag }))),
    ).toEqual([481])
    expect(statuses(agent.receive(32, peer, request({ ...bye, branch: 'z9hG4bKr', toTag: tag })))).toEqual([
      200,
    ])
  })

  test('no header sends an answer elsewhere than where the request came from', () => {
    const agent = makeAgent()
    const via = request({ method: 'OPTIONS', headers: ['Route: <sip:victim.example;lr>'] })
    const text = Buffer.from(via)
      .toString('latin1')
      .replace('192.0.2.7:5060;', 'victim.example:5060;maddr=203.0.113.9;')
    const actions = agent.receive(0, peer, Buffer.from(text, 'latin1'))
    expect(actions.map((action) => action.t === 'send' && action.to)).toEqual([peer])
  })
})

describe('[TEL8] who may call', () => {
  const guarded: Trunk = {
    name: 'provider',
    allow: [],
    digest: { username: 'bridge', password: 'a long password' },
  }
  const stranger = { ...peer, address: '203.0.113.5' }

  const authorize = (challenge: string, password: string, algorithm: 'md5' | 'sha256') => {
    const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1] ?? ''
    const hash = (text: string) => createHash(algorithm).update(text).digest('hex')
    const uri = 'sip:123@198.51.100.1'
    const secret = hash(`bridge:${REALM}:${password}`)
    const response = hash(`${secret}:${nonce}:00000001:c:auth:${hash(`INVITE:${uri}`)}`)
    const name = algorithm === 'md5' ? 'MD5' : 'SHA-256'
    return `Authorization: Digest username="bridge", realm="${REALM}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${name}, qop=auth, nc=00000001, cnonce="c"`
  }

  test('an address of no trunk gets no answer at all', () => {
    const agent = makeAgent()
    expect(agent.receive(0, stranger, request({ method: 'INVITE' }))).toEqual([])
    expect(agent.receive(0, stranger, request({ method: 'OPTIONS' }))).toEqual([])
  })

  test.each(['md5', 'sha256'] as const)(
    'the password lets a call in (%s), a wrong one does not',
    (algorithm) => {
      const agent = makeAgent([guarded])
      const [challenge] = sentBy(agent.receive(0, stranger, request({ method: 'INVITE' })))
      expect(challenge?.status).toBe(401)
      const value = (challenge && header(challenge, 'www-authenticate')) ?? ''
      const wrong = authorize(value, 'another password', algorithm)
      expect(
        statuses(agent.receive(1, stranger, request({ method: 'INVITE', sequence: 2, headers: [wrong] }))),
      ).toEqual([401])
      const right = authorize(value, 'a long password', algorithm)
      const admitted = agent.receive(
        2,
        stranger,
        request({ method: 'INVITE', sequence: 3, headers: [right] }),
      )
      expect(kinds(admitted)).toEqual(['offered'])
    },
  )

  test('a proof serves one call, and not for long', () => {
    const agent = makeAgent([guarded])
    const [challenge] = sentBy(agent.receive(0, stranger, request({ method: 'INVITE' })))
    const proof = authorize(
      (challenge && header(challenge, 'www-authenticate')) ?? '',
      'a long password',
      'md5',
    )
    const other = request({ method: 'INVITE', callId: 'b@caller', sequence: 2, headers: [proof] })
    expect(statuses(agent.receive(1, stranger, other))).toEqual([401])
    const late = request({ method: 'INVITE', sequence: 2, headers: [proof] })
    expect(statuses(agent.receive(61_000, stranger, late))).toEqual([401])
  })

  test('a trunk without addresses and password is no trunk', () => {
    expect(() => makeAgent([{ ...openTrunk, allow: [] }])).toThrow('admits everyone')
  })

  test('a flood that proves nothing leaves nothing in memory', () => {
    const agent = makeAgent([guarded])
    for (let i = 0; i < 3000; i += 1)
      agent.receive(i, stranger, request({ method: 'INVITE', callId: `${i}@flood` }))
    expect(agent.kept).toEqual({ calls: 0, answers: 0 })
  })

  test('a flood of calls that are admitted keeps no more than fits', () => {
    const agent = makeAgent([openTrunk], {
      admit: () => (agent.kept.calls < 100 ? null : { status: 503, reason: 'Service Unavailable' }),
    })
    for (let i = 0; i < 5000; i += 1)
      agent.receive(i, peer, request({ method: 'INVITE', callId: `${i}@flood` }))
    expect(agent.kept.calls).toBe(100)
    expect(agent.kept.answers).toBeLessThanOrEqual(4096)
  })
})
