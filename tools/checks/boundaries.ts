// Owns the check that no file imports what it may not (boundary-rules.ts): "the server holds no keys" is a failing
// build when it stops being true. Type imports count: a type is a dependency too.
import { posix } from 'node:path'
import type { PackageRule } from './boundary-rules.ts'
import {
  packageRules,
  ports,
  pure,
  pureNames,
  testExternals,
  testModules,
  withoutReact,
} from './boundary-rules.ts'
import type { Findings, Problem } from './check.ts'
import type { ProjectFile } from './project-files.ts'
import { isTest } from './project-files.ts'
import type { ImportedModule } from './source.ts'
import { lineAt, readSource } from './source.ts'

interface Place {
  readonly package: string
  readonly path: string
  readonly layer: string | undefined
  readonly source: boolean
  readonly test: boolean
}

function placeOf(path: string): Place | undefined {
  const match = /^packages\/([^/]+)\/(.+)$/.exec(path)
  if (!match) return undefined
  const inside = match[2] ?? ''
  return {
    package: match[1] ?? '',
    path: path.slice('packages/'.length),
    // main.ts is a composition root wherever it stands: it sees everything, and nothing imports it.
    layer: /\/main\.tsx?$/.test(inside) ? undefined : /^src\/([^/]+)\//.exec(inside)?.[1],
    source: inside.startsWith('src/'),
    test: isTest(path),
  }
}

function isListed(list: readonly string[], specifier: string): boolean {
  return list.some((name) => {
    if (name.endsWith('/')) return specifier.startsWith(name)
    return specifier === name || specifier.startsWith(`${name}/`)
  })
}

function judgePackage(from: Place, rule: PackageRule, target: string): string | undefined {
  if (target === from.package && !from.test)
    return 'imports its own package by name: the folders go unchecked'
  if (target === from.package || rule.packages.includes(target)) return undefined
  if (target === 'testkit' && from.test) return undefined
  if (from.package === 'web' && target === 'vault' && from.path.startsWith('web/src/vault/')) return undefined
  return `${from.package} may not import @huisclos/${target}`
}

function isPure(from: Place): boolean {
  return !from.test && pure.some((dir) => from.path.startsWith(dir))
}

function judgeExternal(from: Place, rule: PackageRule, imported: ImportedModule): string | undefined {
  const { specifier } = imported
  // A package's own build and command-line tools run on Node; only src/ is bound.
  if (specifier.startsWith('node:')) {
    if (from.test || !from.source) return undefined
    if (isPure(from)) {
      const harmless = imported.names?.every((name) => pureNames[specifier]?.includes(name)) ?? false
      return harmless ? undefined : `the room is pure: it may not import ${specifier}`
    }
    return rule.node ? undefined : `${from.package} may not import ${specifier}: it also runs without Node`
  }
  if (isListed(testExternals, specifier)) {
    const allowed = from.test || from.package === 'testkit' || from.package === 'bench'
    return allowed ? undefined : `only tests may import ${specifier}`
  }
  if (withoutReact.some((dir) => from.path.startsWith(dir)) && /^react(-|\/|$)/.test(specifier)) {
    return `${from.layer} may not import ${specifier}`
  }
  if (rule.externals && !isListed(rule.externals, specifier) && from.source && !from.test) {
    return `${from.package} may not import ${specifier}`
  }
  return undefined
}

function judgeRelative(from: Place, rule: PackageRule, target: string): string | undefined {
  if (rule.outside?.some((dir) => target.startsWith(dir))) return undefined
  const to = placeOf(target)
  if (!to || to.package !== from.package) return `reaches out of its package: ${target}`
  if (/\/main\.tsx?$/.test(to.path)) return 'nothing imports main.ts'
  if (to.test && !from.test) return `a source may not import a test: ${target}`
  if (!from.layer || from.layer === to.layer || ports.includes(to.path) || from.test) return undefined
  const allowed = rule.layers?.[from.layer]
  if (!rule.layers || !to.source) return undefined
  if (!allowed) return `the folder ${from.layer}/ is not in the table of ${from.package}'s folders`
  if (to.layer && allowed.includes(to.layer)) return undefined
  return `${from.layer} may not import ${to.layer ?? 'the composition root'}: ${target}`
}

function judge(file: ProjectFile, from: Place, imported: ImportedModule): string | undefined {
  const { specifier } = imported
  const rule = packageRules[from.package]
  if (!rule) return `the package ${from.package} is not in the table of packages`
  if (specifier.startsWith('.')) {
    const path = specifier.replace(/\?.*$/, '')
    return judgeRelative(from, rule, posix.join(posix.dirname(file.path), path))
  }
  if (isListed(testModules, specifier) && !from.test && from.package !== 'testkit')
    return `only tests may import ${specifier}`
  const own = /^@huisclos\/([^/]+)/.exec(specifier)?.[1]
  return own ? judgePackage(from, rule, own) : judgeExternal(from, rule, imported)
}

/** Clocks and timers are biome's part (noRestrictedGlobals); a member of Math is not a global. */
function chance(file: ProjectFile): Problem[] {
  return [...file.text.matchAll(/\bMath\.random\b/g)].map((match) => ({
    file: file.path,
    line: lineAt(file.text, match.index),
    message: 'the room is pure: no Math.random',
  }))
}

/** Set-up runs before anything is installed: its plain modules may import Node's and each other. */
function judgeTool(file: ProjectFile, specifier: string): string | undefined {
  if (file.path.endsWith('.mjs') && !/^(node:|\.)/.test(specifier))
    return `set-up may not import ${specifier}`
  return undefined
}

/** @param files every source of the project, paths relative to it */
export function checkBoundaries(files: readonly ProjectFile[]): Findings {
  const problems: Problem[] = []
  for (const file of files) {
    const { imports, errors } = readSource(file)
    for (const message of errors) problems.push({ file: file.path, message })
    const from = placeOf(file.path)
    for (const imported of imports) {
      const message = from ? judge(file, from, imported) : judgeTool(file, imported.specifier)
      if (message) problems.push({ file: file.path, line: imported.line, message })
    }
    if (from && isPure(from)) problems.push(...chance(file))
  }
  return { problems, notes: [`${files.length} files`] }
}
