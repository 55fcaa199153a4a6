// Owns the size budgets: a file a person reads in one sitting, a function that fits the screen. Tests are bound by the
// file limit only: their describe blocks are functions as well.
import { visitorKeys } from 'oxc-parser'
import type { Findings, Problem } from './check.ts'
import type { ProjectFile } from './project-files.ts'
import { isTest } from './project-files.ts'
import { lineAt, readSource } from './source.ts'

const budget = { fileMedian: 120, fileP90: 350, fileMax: 600, functionP90: 40, functionMax: 80 }
const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** Calls `visit` for a node and all nodes below it. */
export function visitAll(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) visitAll(item, visit)
    return
  }
  if (!isNode(node)) return
  visit(node)
  for (const key of visitorKeys[node.type] ?? [])
    visitAll((node as unknown as Record<string, unknown>)[key], visit)
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

function functionsOf(file: ProjectFile): { line: number; lines: number }[] {
  const found: { line: number; lines: number }[] = []
  visitAll(readSource(file).program, (node) => {
    if (!functionTypes.has(node.type)) return
    const line = lineAt(file.text, node.start)
    found.push({ line, lines: lineAt(file.text, node.end) - line + 1 })
  })
  return found
}

/** The value that the given share of the sorted numbers does not exceed; 0 for none. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}

function checkShares(fileLines: number[], functionLines: number[]): Problem[] {
  const shares: [string, number, number][] = [
    ['median lines of a file', percentile(fileLines, 0.5), budget.fileMedian],
    ['90th percentile of lines of a file', percentile(fileLines, 0.9), budget.fileP90],
    ['90th percentile of lines of a function', percentile(functionLines, 0.9), budget.functionP90],
  ]
  const over = shares.filter(([, is, limit]) => is > limit)
  return over.map(([what, is, limit]) => ({ file: '.', message: `${what}: ${is}, allowed ${limit}` }))
}

/** @param files every source of the project */
export function checkBudgets(files: readonly ProjectFile[]): Findings {
  const problems: Problem[] = []
  const fileLines: number[] = []
  const functionLines: number[] = []
  for (const file of files) {
    const lines = countLines(file.text)
    if (lines > budget.fileMax)
      problems.push({ file: file.path, message: `${lines} lines, allowed ${budget.fileMax}` })
    if (isTest(file.path)) continue
    fileLines.push(lines)
    for (const { line, lines: length } of functionsOf(file)) {
      functionLines.push(length)
      if (length <= budget.functionMax) continue
      problems.push({
        file: file.path,
        line,
        message: `a function of ${length} lines, allowed ${budget.functionMax}`,
      })
    }
  }
  const median = percentile(fileLines, 0.5)
  const notes = [`median file ${median} lines, 90 % up to ${percentile(fileLines, 0.9)}`]
  return { problems: [...problems, ...checkShares(fileLines, functionLines)], notes }
}
