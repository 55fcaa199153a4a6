/** The text of `--help`: every setting under its three names. */
import { flagName, variableName } from './read-settings.ts'
import type { SettingName } from './server-settings.ts'
import { SETTING_NAMES } from './server-settings.ts'

const MEANING: Record<SettingName, string> = {
  listen: 'IP address to listen on (127.0.0.1)',
  port: 'port of pages, API and WebSocket (8080; with a certificate 443)',
  mediaPort: 'first media port, UDP and TCP, one per worker (40000)',
  workers: 'media workers (one per core)',
  announcedAddress: 'IP addresses under which clients reach the media ports, by commas',
  public: 'public name, such as meet.example.org',
  certificate: 'path of the PEM certificate chain',
  key: 'path of its private key',
  behindProxy: 'a reverse proxy ends TLS and sets X-Forwarded-For',
  create: 'who may create meetings: anyone or token (anyone on localhost)',
  operatorTokenHashes: 'hashes of operators’ tokens, by commas',
  roomsPerAddressPerHour: 'meetings that one address may create per hour (60)',
  totalRooms: 'meetings that may exist (10000)',
  peersPerRoom: 'people in one meeting (500)',
  socketsPerAddress: 'connections from one address (1000)',
  sockets: 'connections in all (20000)',
  probes: 'connection tests at once, 0 for none (8)',
  linkDays: 'days that a link lives when its host does not say (30)',
  metrics: 'who may read /metrics: loopback, everyone or off (loopback)',
  securityContact: 'contacts for security.txt, by commas',
  recordings: 'recordings allowed: off, local, server or both (local; with a directory both)',
  recordingsDirectory: 'directory of recordings on the server, which it cannot open',
  recordingsBucket: 'bucket of an S3-compatible store that finished recordings go to',
  recordingsEndpoint: 'address of that store (Amazon’s of the region)',
  recordingsRegion: 'its region (us-east-1)',
  recordingsPrefix: 'what each object’s key begins with, such as meetings/',
  recordingsCredentials: 'path of a file with the store’s credentials (else AWS_ACCESS_KEY_ID and so on)',
  recordingsSpoolMiB: 'MiB that may wait in the directory for the store, 0 for all there is (0)',
  recordingsDays: 'days after which those are deleted, 0 for never (0)',
  logLevel: 'silent, error, warn or info (info)',
  webRoot: 'folder of the built web client',
}

export function usage(): string {
  const lines = SETTING_NAMES.map((name) => `  --${flagName(name).padEnd(28)} ${MEANING[name]}`)
  return [
    'npm start -- [flags]',
    '',
    ...lines,
    `  --${'config'.padEnd(28)} path of the JSON configuration file (huisclos.config.json)`,
    `  --${'new-operator-token'.padEnd(28)} make an operator’s token, show it and its hash, and end`,
    '',
    `Each flag is also a variable (${variableName('mediaPort')}) and a key of the file ("mediaPort"). Flags win.`,
  ].join('\n')
}
