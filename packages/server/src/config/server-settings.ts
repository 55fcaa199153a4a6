/**
 * Every setting of the server, its meaning and its default: one flat list, so that file, environment and flags name
 * the same things. docs/operating.md explains them; unknown names are refused, never ignored.
 */
import { isIP } from 'node:net'
import * as z from 'zod'

const port = z.int().min(0).max(65_535)
const count = z.int().min(0)
const hostName = z.string().regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i, {
  error: 'must be a host name such as meet.example.org',
})
const sha256Text = z.string().regex(/^[A-Za-z0-9_-]{43}$/, { error: 'must be a SHA-256 hash in base64url' })

/** Shapes as they are in the file; all optional. */
export const SettingsInput = z.strictObject({
  /** Address to listen on. Default 127.0.0.1, with `public` all. */
  listen: z
    .string()
    .refine((text) => isIP(text) !== 0, { error: 'must be an IP address' })
    .optional(),
  /** Port of pages, API and WebSocket. 0: a free one. Default 8080, with `public` and a certificate 443. */
  port: port.optional(),
  /** First media port, UDP and TCP; each worker takes the next. 0: free ones. */
  mediaPort: port.default(40_000),
  /** Media workers. Default: one per core. */
  workers: z.int().min(1).max(256).optional(),
  /** IP addresses under which clients reach the media ports. */
  announcedAddress: z
    .array(z.string().refine((t) => isIP(t) !== 0, { error: 'must be IP addresses' }))
    .default([]),
  /** The public name of this server. */
  public: hostName.optional(),
  /** Paths of the PEM certificate chain and of its private key. */
  certificate: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
  /** A reverse proxy in front ends TLS and sends X-Forwarded-For. */
  behindProxy: z.boolean().default(false),
  /** Who may make rooms. Default: anyone on localhost, else holders of an operator's token. */
  create: z.enum(['anyone', 'token']).optional(),
  /** SHA-256 of each operator's token, base64url. */
  operatorTokenHashes: z.array(sha256Text).default([]),
  roomsPerAddressPerHour: count.default(60),
  totalRooms: count.default(10_000),
  peersPerRoom: z.int().min(1).max(1_024).default(500),
  socketsPerAddress: z.int().min(1).default(1_000),
  sockets: z.int().min(1).default(20_000),
  /** Connection tests at once; 0 turns them off. */
  probes: z.int().min(0).max(1_000).default(8),
  /** How long a link lives when its host does not say. */
  linkDays: z.int().min(1).max(366).default(30),
  /** Who may read /metrics. */
  metrics: z.enum(['loopback', 'everyone', 'off']).default('loopback'),
  /** Contacts for /.well-known/security.txt (RFC 9116): mailto: or https: addresses. */
  securityContact: z.array(z.string().regex(/^(mailto:|https:\/\/|tel:)\S+$/)).default([]),
  /** Which recordings may be made. Default: local; with a directory for recordings both. */
  recordings: z.enum(['off', 'local', 'server', 'both']).optional(),
  /** Directory of recordings on the server. */
  recordingsDirectory: z.string().min(1).optional(),
  /** Bucket of an S3-compatible store that finished recordings go to; the directory is then where they wait. */
  recordingsBucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'must be the name of a bucket' })
    .optional(),
  /** Address of the store. Default: Amazon's of the region. */
  recordingsEndpoint: z.url({ protocol: /^https?$/ }).optional(),
  recordingsRegion: z.string().min(1).max(64).default('us-east-1'),
  /** Before the key of each object. */
  recordingsPrefix: z
    .string()
    .regex(/^([A-Za-z0-9._-]+\/)*$/, { error: 'must be empty or end with a slash' })
    .default(''),
  /** Path of a JSON file with accessKeyId and secretAccessKey. Default: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. */
  recordingsCredentials: z.string().min(1).optional(),
  /** How many MiB may wait in the directory for the store; 0: as many as the disk holds. */
  recordingsSpoolMiB: z.int().min(0).default(0),
  /** Days after which a recording on the server is deleted; 0: not by itself. */
  recordingsDays: z.int().min(0).max(36_500).default(0),
  logLevel: z.enum(['silent', 'error', 'warn', 'info']).default('info'),
  /** Folder of the built web client. */
  webRoot: z.string().min(1).optional(),
})
export type SettingsInput = z.input<typeof SettingsInput>

/** Settings with every default filled in. */
export interface ServerSettings extends z.output<typeof SettingsInput> {
  listen: string
  port: number
  workers: number
  create: 'anyone' | 'token'
  recordings: 'off' | 'local' | 'server' | 'both'
}

export type SettingName = keyof typeof SettingsInput.shape
export const SETTING_NAMES = Object.keys(SettingsInput.shape) as SettingName[]
