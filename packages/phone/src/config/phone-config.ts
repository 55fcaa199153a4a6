/**
 * The bridge's one configuration file (docs/phone.md): its schema, and reading it. Unknown fields are errors: a limit
 * with a slip in its name would be no limit.
 */
import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'

const Port = z.int().check(z.gte(0), z.lte(65_535))
const Address = z.string().check(z.regex(/^[0-9A-Fa-f.:]{2,45}$/))
const Network = z.string().check(z.regex(/^[0-9A-Fa-f.:]{2,45}(?:\/\d{1,3})?$/))
const Endpoint = z.strictObject({ host: Address, port: Port })

const TrunkConfig = z
  .strictObject({
    name: z.string().check(z.minLength(1), z.maxLength(40)),
    /** Addresses and networks that calls may come from. */
    allow: z._default(z.array(Network), []),
    /** What the other side proves itself with. */
    digest: z._default(
      z.nullable(
        z.strictObject({
          username: z.string().check(z.minLength(1), z.maxLength(64)),
          password: z.string().check(z.minLength(12), z.maxLength(128)),
        }),
      ),
      null,
    ),
    srtp: z._default(z.enum(['off', 'optional', 'required']), 'optional'),
    language: z._default(z.enum(['en', 'fr']), 'fr'),
    maxCalls: z._default(z.int().check(z.gte(1), z.lte(1000)), 50),
    callsPerSecond: z._default(z.int().check(z.gte(1), z.lte(1000)), 5),
  })
  .check(
    z.refine(({ allow, digest }) => allow.length > 0 || digest !== null, 'a trunk needs allow or digest'),
  )
export type TrunkConfig = z.infer<typeof TrunkConfig>

const PhoneConfig = z.strictObject({
  udp: z._default(z.nullable(Endpoint), { host: '0.0.0.0', port: 5060 }),
  tcp: z._default(z.nullable(Endpoint), null),
  /** Files with PEM texts. */
  tls: z._default(
    z.nullable(z.strictObject({ host: Address, port: Port, cert: z.string(), key: z.string() })),
    null,
  ),
  /** The address that trunks reach us at, written into Contact and SDP. */
  announced: Address,
  media: z._default(z.strictObject({ host: Address, from: Port, to: Port }), {
    host: '0.0.0.0',
    from: 20_000,
    to: 20_999,
  }),
  trunks: z.array(TrunkConfig).check(z.minLength(1), z.maxLength(50)),
  /** Over all trunks. */
  maxCalls: z._default(z.int().check(z.gte(1), z.lte(1000)), 100),
  /** The meetings' server, and this bridge's key; null: it opens no meeting. */
  meetings: z._default(
    z.nullable(
      z.strictObject({
        server: z.string().check(z.regex(/^https?:\/\/[^\s/?#]{1,255}\/?$/)),
        key: z.string(),
        /** Who runs the bridge, and the number to call: shown to everybody in a meeting. */
        runBy: z.string().check(z.minLength(1), z.maxLength(64)),
        number: z.string().check(z.minLength(1), z.maxLength(32)),
      }),
    ),
    null,
  ),
  /** Opens the room in which a trunk is tried out; null: there is none. */
  lineTestPin: z._default(z.nullable(z.string().check(z.regex(/^\d{9,16}$/))), null),
})
export type PhoneConfig = z.infer<typeof PhoneConfig>

export class PhoneConfigError extends Error {
  readonly code: 'config-unreadable' | 'config-invalid'
  constructor(code: PhoneConfigError['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'PhoneConfigError'
    this.code = code
  }
}

/** @throws PhoneConfigError config-invalid, naming the field and never its value */
export function parseConfig(value: unknown): PhoneConfig {
  const parsed = PhoneConfig.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new PhoneConfigError(
    'config-invalid',
    `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'invalid'}`,
  )
}

/** @throws PhoneConfigError */
export function readConfig(path: string): PhoneConfig {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new PhoneConfigError('config-unreadable', `${path} cannot be read, or is no JSON`, error)
  }
  return parseConfig(value)
}
