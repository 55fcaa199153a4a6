/** Turns what the operator said into complete settings, and refuses what cannot work with words that help. */
import { availableParallelism } from 'node:os'
import * as z from 'zod'
import { ConfigError } from './config-error.ts'
import type { ServerSettings } from './server-settings.ts'
import { SettingsInput } from './server-settings.ts'

/** @throws ConfigError naming the setting at fault. */
export function resolveSettings(input: unknown): ServerSettings {
  const parsed = SettingsInput.safeParse(input)
  if (!parsed.success)
    throw new ConfigError('bad-value', `A setting is wrong:\n${z.prettifyError(parsed.error)}`)
  const given = parsed.data
  if ((given.certificate === undefined) !== (given.key === undefined)) {
    throw new ConfigError(
      'certificate-missing',
      'A certificate needs its key: give both "certificate" and "key".',
    )
  }
  const recordings = given.recordings ?? (given.recordingsDirectory === undefined ? 'local' : 'both')
  if (recordsOnServer(recordings) && given.recordingsDirectory === undefined) {
    throw new ConfigError(
      'bad-value',
      'Recordings on the server need a place: give "recordingsDirectory", or set "recordings" to local or off.',
    )
  }
  if (given.recordingsBucket !== undefined && given.recordingsDirectory === undefined) {
    throw new ConfigError(
      'bad-value',
      'Recordings wait in a directory until the bucket has them: give "recordingsDirectory" too.',
    )
  }
  const servesTls = given.certificate !== undefined
  if (given.public !== undefined && !servesTls && !given.behindProxy) {
    throw new ConfigError('certificate-missing', certificateAdvice(given.public))
  }
  const isOpen = given.public !== undefined && servesTls
  const listen = given.listen ?? (isOpen ? '::' : '127.0.0.1')
  const isLocal = given.public === undefined && !given.behindProxy && isLoopback(listen)
  return {
    ...given,
    listen,
    port: given.port ?? (isOpen ? 443 : 8080),
    workers: given.workers ?? availableParallelism(),
    recordings,
    create: given.create ?? (isLocal ? 'anyone' : 'token'),
  }
}

export const recordsOnServer = (recordings: ServerSettings['recordings']): boolean =>
  recordings === 'server' || recordings === 'both'

export const isLoopback = (address: string): boolean =>
  address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address)

function certificateAdvice(name: string): string {
  return [
    `${name} is a public name, and browsers give camera and microphone to HTTPS pages only: a certificate is needed.`,
    `Either give one, for instance from certbot (certbot certonly --standalone -d ${name}):`,
    `  npm start -- --public ${name} --certificate /etc/letsencrypt/live/${name}/fullchain.pem \\`,
    `    --key /etc/letsencrypt/live/${name}/privkey.pem`,
    'or run behind a reverse proxy that has one, passes WebSockets on and sets X-Forwarded-For:',
    `  npm start -- --public ${name} --behind-proxy`,
  ].join('\n')
}
