import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError } from './config-error.ts'
import { flagName, readSettings, variableName } from './read-settings.ts'
import { resolveSettings } from './resolve-settings.ts'
import { SETTING_NAMES } from './server-settings.ts'
import { usage } from './usage.ts'

const folder = mkdtempSync(join(tmpdir(), 'huisclos-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (content: string, name = 'huisclos.config.json') => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const missing = join(folder, 'none.json')
const read = (flags: string[], environment: Record<string, string> = {}, defaultFile = missing) =>
  readSettings({ flags, environment, defaultFile }).settings
const codeOf = (task: () => unknown) => {
  try {
    task()
  } catch (error) {
    if (error instanceof ConfigError) return error.code
    throw error
  }
  return 'ok'
}

describe('where settings come from', () => {
  test('flags win over the environment, which wins over the file', () => {
    const path = file('{"port":1,"mediaPort":2,"workers":3}')
    const environment = { HUISCLOS_PORT: '10', HUISCLOS_MEDIA_PORT: '20' }
    expect(read(['--port', '100'], environment, path)).toEqual({ port: 100, mediaPort: 20, workers: 3 })
  })

  test('lists go by commas, switches need no value', () => {
    expect(read(['--announced-address', '192.0.2.1, 2001:db8::1', '--behind-proxy'])).toEqual({
      announcedAddress: ['192.0.2.1', '2001:db8::1'],
      behindProxy: true,
    })
    expect(read([], { HUISCLOS_BEHIND_PROXY: 'false' })).toEqual({ behindProxy: false })
  })

  test('no file is fine, unless one was named', () => {
    expect(read([])).toEqual({})
    expect(codeOf(() => read(['--config', missing]))).toBe('file-unreadable')
    expect(codeOf(() => read([], { HUISCLOS_CONFIG: missing }))).toBe('file-unreadable')
  })

  test.each(['{', '[]', '3', 'null'])('a file with %s is refused', (content) => {
    expect(codeOf(() => read([], {}, file(content)))).toBe('file-unreadable')
  })

  test('an unknown flag is refused, not ignored', () => {
    expect(codeOf(() => read(['--prot', '1']))).toBe('bad-flag')
    expect(codeOf(() => read(['8080']))).toBe('bad-flag')
  })

  test('--help names every setting', () => {
    expect(readSettings({ flags: ['--help'], environment: {}, defaultFile: missing }).help).toBe(true)
    for (const name of SETTING_NAMES) expect(usage()).toContain(`--${flagName(name)} `)
    expect(variableName('roomsPerAddressPerHour')).toBe('HUISCLOS_ROOMS_PER_ADDRESS_PER_HOUR')
  })
})

describe('what settings mean', () => {
  test('without any, this machine alone: localhost, anyone may create', () => {
    expect(resolveSettings({})).toMatchObject({
      listen: '127.0.0.1',
      port: 8080,
      mediaPort: 40_000,
      create: 'anyone',
      metrics: 'loopback',
      linkDays: 30,
    })
  })

  test.each([
    ['open to the network', { listen: '0.0.0.0' }],
    ['behind a proxy', { behindProxy: true }],
    ['a public name', { public: 'meet.example.org', behindProxy: true }],
  ])('[SIG8] %s: only holders of a token may create, unless said otherwise', (_what, input) => {
    expect(resolveSettings(input).create).toBe('token')
    expect(resolveSettings({ ...input, create: 'anyone' }).create).toBe('anyone')
  })

  test('a public name with a certificate listens everywhere on 443', () => {
    const settings = resolveSettings({ public: 'meet.example.org', certificate: 'c.pem', key: 'k.pem' })
    expect(settings).toMatchObject({ listen: '::', port: 443 })
  })

  test('a public name without one says what to do', () => {
    expect(() => resolveSettings({ public: 'meet.example.org' })).toThrow(
      /certbot[\s\S]*--certificate[\s\S]*--behind-proxy/,
    )
    expect(codeOf(() => resolveSettings({ certificate: 'c.pem' }))).toBe('certificate-missing')
  })

  test.each([
    [{ port: 70_000 }, 'port'],
    [{ port: '80' }, 'port'],
    [{ workers: 0 }, 'workers'],
    [{ public: 'https://x' }, 'public'],
    [{ listen: 'localhost' }, 'listen'],
    [{ operatorTokenHashes: ['abc'] }, 'operatorTokenHashes'],
    [{ securityContact: ['me@example.org'] }, 'securityContact'],
    [{ prot: 1 }, 'prot'],
  ])('%j is refused by name', (input, name) => {
    expect(() => resolveSettings(input)).toThrow(new RegExp(name))
    expect(codeOf(() => resolveSettings(input))).toBe('bad-value')
  })
})
