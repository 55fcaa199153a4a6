// Owns reading our own sources with oxc: imports, and positions as line numbers. TypeScript 7 has no compiler API.

import type { Program } from 'oxc-parser'
import { parseSync } from 'oxc-parser'
import type { ProjectFile } from './project-files.ts'

export interface ImportedModule {
  readonly specifier: string
  readonly line: number
  /** True where the import disappears before the code runs. */
  readonly typeOnly: boolean
  /** What an import statement takes from it; undefined where that cannot be told (all of it, or by another way). */
  readonly names?: readonly string[] | undefined
}

export interface Source {
  readonly program: Program
  readonly imports: readonly ImportedModule[]
  readonly errors: readonly string[]
}

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

function literalOf(text: string): string | undefined {
  const match = /^(['"`])([^'"`$]*)\1$/.exec(text.trim())
  return match?.[2]
}

/** Types may be named in place (`import('x').T`), and mocks and workers name modules by a string or an address. */
function otherImports(text: string): ImportedModule[] {
  const found: ImportedModule[] = []
  const add = (match: RegExpExecArray, typeOnly: boolean) => {
    found.push({ specifier: match[2] ?? '', line: lineAt(text, match.index), typeOnly })
  }
  for (const match of text.matchAll(/\brequire\(\s*(['"`])([^'"`$]+)\1\s*\)/g)) add(match, false)
  for (const match of text.matchAll(/\bnew URL\(\s*(['"`])(\.[^'"`$]+\.tsx?)\1\s*,\s*import\.meta\.url/g))
    add(match, false)
  for (const match of text.matchAll(/:\s*import\(\s*(['"`])([^'"`$]+)\1\s*\)/g)) add(match, true)
  return found
}

/** Parses a file and lists what it imports, re-exports or loads; a specifier that is not a literal is an error. */
export function readSource(file: ProjectFile): Source {
  const { program, module, errors } = parseSync(file.path, file.text)
  const imports: ImportedModule[] = []
  for (const { moduleRequest, entries } of module.staticImports) {
    const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType)
    const names = entries.map((entry) => entry.importName.name ?? '*')
    const line = lineAt(file.text, moduleRequest.start)
    imports.push({
      specifier: moduleRequest.value,
      line,
      typeOnly,
      names: names.includes('*') ? undefined : names,
    })
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (!moduleRequest) continue
      imports.push({
        specifier: moduleRequest.value,
        line: lineAt(file.text, moduleRequest.start),
        typeOnly: isType,
      })
    }
  }
  const messages = errors.map((error) => error.message)
  for (const { moduleRequest } of module.dynamicImports) {
    const specifier = literalOf(file.text.slice(moduleRequest.start, moduleRequest.end))
    const line = lineAt(file.text, moduleRequest.start)
    if (specifier === undefined) messages.push(`line ${line}: import() of something that is not a literal`)
    else imports.push({ specifier, line, typeOnly: false })
  }
  return { program, imports: [...imports, ...otherImports(file.text)], errors: messages }
}
