// RFC 4475's torture messages, byte for byte (vectors/rfc4475), against the decoder and the agent (TEL7).
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeSip } from './decode-sip.ts'
import { parseNameAddr } from './header-fields.ts'
import { makeAgent, peer, sentBy } from './testing.ts'

const folder = new URL('../../../../vectors/rfc4475/', import.meta.url)
const names = readdirSync(folder).map((file) => file.replace(/\.dat$/, ''))
/** The published file of one message ends before its blank line. */
const read = (name: string) => {
  const bytes = readFileSync(new URL(`${name}.dat`, folder))
  return new Uint8Array(name === 'baddn' ? Buffer.concat([bytes, Buffer.from('\r\n')]) : bytes)
}

/** The status that the agent answers with; `quiet`: it rightly answers nothing. */
const answers: Record<string, number | 'quiet'> = {
  wsinv: 481,
  intmeth: 501,
  esc01: 100,
  escnull: 405,
  esc02: 501,
  lwsdisp: 200,
  longreq: 100,
  dblreq: 405,
  semiuri: 200,
  transports: 200,
  mpart01: 405,
  unreason: 'quiet',
  noreason: 'quiet',
  badinv01: 400,
  clerr: 400,
  ncl: 400,
  scalar02: 400,
  scalarlg: 'quiet',
  quotbal: 400,
  ltgtruri: 400,
  lwsruri: 400,
  lwsstart: 400,
  trws: 400,
  escruri: 400,
  baddate: 100,
  regbadct: 400,
  badaspec: 400,
  baddn: 200,
  badvers: 505,
  mismatch01: 400,
  mismatch02: 400,
  bigcode: 'quiet',
  badbranch: 200,
  insuf: 400,
  unkscm: 416,
  novelsc: 416,
  unksm2: 405,
  bext01: 420,
  invut: 415,
  regaut01: 405,
  multi01: 400,
  mcl01: 400,
  bcast: 'quiet',
  zeromf: 200,
  cparam01: 405,
  cparam02: 405,
  regescrt: 405,
  sdp01: 406,
  inv2543: 100,
}

describe('[TEL7] RFC 4475', () => {
  test('every message of the corpus has an expected answer', () => {
    expect(names.sort()).toEqual(Object.keys(answers).sort())
  })

  test.each(Object.entries(answers))('%s is answered with %s', (name, expected) => {
    const agent = makeAgent()
    const statuses = sentBy(agent.receive(0, peer, read(name))).map(({ status }) => status)
    expect(statuses).toEqual(expected === 'quiet' ? [] : [expected])
  })
})

test('[TEL7] torture messages with bytes changed, cut and repeated never stop the agent', () => {
  const corpus = names.map(read)
  const change = fc.record({ at: fc.nat(4000), byte: fc.nat(255) })
  const mangled = fc
    .tuple(fc.constantFrom(...corpus), fc.array(change, { maxLength: 8 }), fc.nat(4000), fc.boolean())
    .map(([bytes, changes, cut, twice]) => {
      const out = Uint8Array.from(bytes)
      for (const { at, byte } of changes) if (at < out.length) out[at] = byte
      const kept = cut % 3 === 0 ? out.subarray(0, cut) : out
      return twice ? Buffer.concat([kept, kept]) : kept
    })
  const agent = makeAgent()
  let now = 0
  fc.assert(
    fc.property(mangled, (bytes) => {
      now += 10
      agent.receive(now, peer, bytes)
      agent.tick(now)
    }),
    { numRuns: 5000 },
  )
  agent.tick(now + 200_000)
  agent.tick(now + 400_000)
  expect(agent.kept.answers).toBe(0)
})

test('[TEL7] arbitrary bytes never throw in the decoder', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => void decodeSip(bytes)),
    { numRuns: 2000 },
  )
})

test('[TEL7] a name of many characters that ends in a bad one is refused at once', () => {
  expect(parseNameAddr(`${'a'.repeat(4_000)}\u0001 <sip:ada@phones.example>`)).toBeNull()
  expect(parseNameAddr(`${'a'.repeat(4_000)} <sip:ada@phones.example>`)).not.toBeNull()
})
