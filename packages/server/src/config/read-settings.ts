/**
 * Where settings come from: defaults, then one JSON file (--config, or huisclos.config.json beside package.json), then
 * environment variables (HUISCLOS_MEDIA_PORT), then flags (--media-port). Later ones win. Reads, never writes.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ConfigError } from './config-error.ts'
import type { SettingName } from './server-settings.ts'
import { SETTING_NAMES, SettingsInput } from './server-settings.ts'

export interface SettingsSources {
  flags: readonly string[]
  environment: Readonly<Record<string, string | undefined>>
  /** Read when it exists and --config names no other. */
  defaultFile: string
}

export interface ReadSettings {
  settings: Record<string, unknown>
  help: boolean
  newOperatorToken: boolean
}

const words = (name: string) => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)
/** `mediaPort` → `media-port`. */
export const flagName = (name: SettingName): string => words(name)
/** `mediaPort` → `HUISCLOS_MEDIA_PORT`. */
export const variableName = (name: SettingName): string =>
  `HUISCLOS_${words(name).replaceAll('-', '_').toUpperCase()}`

/** All sources, merged but not yet checked. @throws ConfigError */
export function readSettings(sources: SettingsSources): ReadSettings {
  const { help, config, 'new-operator-token': newOperatorToken, ...flags } = parseFlags(sources.flags)
  const file = typeof config === 'string' ? config : sources.environment['HUISCLOS_CONFIG']
  const settings = readFile(file ?? sources.defaultFile, file !== undefined)
  for (const name of SETTING_NAMES) {
    const fromEnvironment = sources.environment[variableName(name)]
    if (fromEnvironment !== undefined) settings[name] = typed(name, fromEnvironment)
    const fromFlag = flags[flagName(name)]
    if (fromFlag !== undefined) settings[name] = typed(name, fromFlag)
  }
  return { settings, help: help === true, newOperatorToken: newOperatorToken === true }
}

function parseFlags(args: readonly string[]): Record<string, string | boolean | undefined> {
  const options: Record<string, { type: 'string' | 'boolean' }> = {
    help: { type: 'boolean' },
    config: { type: 'string' },
    'new-operator-token': { type: 'boolean' },
  }
  for (const name of SETTING_NAMES)
    options[flagName(name)] = { type: kindOf(name) === 'boolean' ? 'boolean' : 'string' }
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ', 1)[0] : ''
    throw new ConfigError('bad-flag', `${reason}. Run with --help for the list of flags.`, error)
  }
}

function readFile(path: string, isRequired: boolean): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (!isRequired && error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new ConfigError('file-unreadable', `The configuration file ${path} cannot be read.`, error)
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new ConfigError('file-unreadable', `The configuration file ${path} is not valid JSON.`, error)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ConfigError('file-unreadable', `The configuration file ${path} must hold a JSON object.`)
  }
  return { ...json }
}

type Kind = 'number' | 'boolean' | 'list' | 'text'

function kindOf(name: SettingName): Kind {
  const schema = SettingsInput.shape[name]
  if (schema.safeParse(true).success) return 'boolean'
  if (schema.safeParse([]).success) return 'list'
  return schema.safeParse(1).success ? 'number' : 'text'
}

/** Text from a flag or the environment as what the setting is made of; what does not fit is left for the schema. */
function typed(name: SettingName, value: string | boolean): unknown {
  if (typeof value === 'boolean') return value
  const kind = kindOf(name)
  if (kind === 'number') return /^\d{1,9}$/.test(value) ? Number(value) : value
  if (kind === 'boolean')
    return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value
  if (kind === 'list')
    return value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  return value
}
