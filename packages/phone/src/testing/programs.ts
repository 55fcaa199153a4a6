/** For tests: whether this machine has the telephones of other makers (tools/setup installs them where it can). */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const haveAll = (...commands: string[]): boolean =>
  commands.every((command) =>
    (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, command))),
  )
