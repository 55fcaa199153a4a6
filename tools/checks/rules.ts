// Owns the bond between spec/ and the tests: a test's title carries the number of the rule that it proves. A number
// that no page of spec/ knows is an error; rules that no test names are listed.

import { visitAll } from './budgets.ts'
import type { Findings, Problem } from './check.ts'
import type { ProjectFile } from './project-files.ts'
import { lineAt, readSource } from './source.ts'

const ruleNumber = /^[A-Z]{2,5}\d+$/

/** The rules that pages of spec/ define, each time they do: list entries that begin with a number, `- GRP4 …`. */
export function definedRules(pages: readonly ProjectFile[]): { rule: string; file: string; line: number }[] {
  return pages.flatMap(({ path: file, text }) =>
    [...text.matchAll(/^\s*[-*]\s+\**([A-Z]{2,5}\d+)\b/gm)].map((match) => ({
      rule: match[1] ?? '',
      file,
      line: lineAt(text, match.index + match[0].length),
    })),
  )
}

function calleeName(callee: unknown): string | undefined {
  if (typeof callee !== 'object' || callee === null) return undefined
  if ('name' in callee && typeof callee.name === 'string') return callee.name
  if ('object' in callee) return calleeName(callee.object)
  if ('callee' in callee) return calleeName(callee.callee)
  if ('tag' in callee) return calleeName(callee.tag)
  return undefined
}

function titleOf(node: object): string | undefined {
  if (!('callee' in node) || !('arguments' in node) || !Array.isArray(node.arguments)) return undefined
  if (!/^(test|it|describe|suite)$/.test(calleeName(node.callee) ?? '')) return undefined
  const first: unknown = node.arguments[0]
  if (typeof first !== 'object' || first === null) return undefined
  if ('value' in first && typeof first.value === 'string') return first.value
  if ('quasis' in first && Array.isArray(first.quasis)) return first.quasis.map((q) => q.value.raw).join('…')
  return undefined
}

/** Rule numbers in the titles of a test file, in brackets: `[GRP4]`, `[GRP4, ORD1]`. */
export function citedRules(file: ProjectFile): { rule: string; line: number }[] {
  const cited: { rule: string; line: number }[] = []
  visitAll(readSource(file).program, (node) => {
    if (node.type !== 'CallExpression') return
    for (const [, inside] of titleOf(node)?.matchAll(/\[([^\]]+)\]/g) ?? []) {
      for (const word of (inside ?? '').split(/[\s,;/]+/)) {
        if (ruleNumber.test(word)) cited.push({ rule: word, line: lineAt(file.text, node.start) })
      }
    }
  })
  return cited
}

/** Titles of the tests in a file that are run: no groups, and none that is skipped for good. */
export function testTitles(file: ProjectFile): Set<string> {
  const titles = new Set<string>()
  visitAll(readSource(file).program, (node) => {
    if (node.type !== 'CallExpression') return
    const call = file.text.slice(node.start, node.end)
    const title = titleOf(node)
    if (title && /^(test|it)\b(?!\.(skip|todo|fails)\b)/.test(call)) titles.add(title)
  })
  return titles
}

/**
 * @param pages those of spec/
 * @param tests all test files
 */
export function checkRules(pages: readonly ProjectFile[], tests: readonly ProjectFile[]): Findings {
  const entries = definedRules(pages)
  const defined = new Set(entries.map(({ rule }) => rule))
  const proven = new Set<string>()
  const problems: Problem[] = []
  for (const file of tests) {
    for (const { rule, line } of citedRules(file)) {
      proven.add(rule)
      if (!defined.has(rule))
        problems.push({ file: file.path, line, message: `no page of spec/ defines ${rule}` })
    }
  }
  for (const [at, { rule, file, line }] of entries.entries()) {
    const first = entries.findIndex((entry) => entry.rule === rule)
    if (first < at) problems.push({ file, line, message: `${rule} is another rule's number already` })
  }
  if (defined.size === 0) problems.push({ file: 'spec', message: 'no numbered rule found' })
  const bare = [...defined].filter((rule) => !proven.has(rule))
  const notes = [`${defined.size - bare.length} of ${defined.size} rules have a test`]
  if (bare.length > 0) notes.push(`without a test: ${bare.join(', ')}`)
  return { problems, notes }
}
