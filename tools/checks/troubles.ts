// Owns the check on docs/troubles.md: what a row says is shown by a test is a title in the file it names, and the rules
// of its tests are those of the row.
import type { Findings, Problem } from './check.ts'
import type { ProjectFile } from './project-files.ts'
import { testTitles } from './rules.ts'
import { lineAt } from './source.ts'

const shown = /^`([^`]+)`: (.+)$/

function judgeTest(
  entry: string,
  rules: readonly string[],
  tests: ReadonlyMap<string, ProjectFile>,
): string[] {
  const [, path = '', title = ''] = shown.exec(entry) ?? []
  const file = tests.get(path)
  if (title === '') return [`names no test: ${entry}`]
  if (file === undefined) return [`${path} is no test file`]
  const cited = [...title.matchAll(/[A-Z]{2,5}\d+(?=[^[]*\])/g)].map(([rule]) => rule)
  return [
    ...(testTitles(file).has(title) ? [] : [`${path} has no test “${title}”`]),
    ...cited.filter((rule) => !rules.includes(rule)).map((rule) => `its row does not name ${rule}`),
  ]
}

/**
 * @param page docs/troubles.md: rows of trouble, answer, rules, tests as `` `file`: title `` parted by `<br>`
 * @param defined the rules of spec/
 * @param tests all test files
 */
export function checkTroubles(
  page: ProjectFile,
  defined: ReadonlySet<string>,
  tests: readonly ProjectFile[],
): Findings {
  const byPath = new Map(tests.map((file) => [file.path, file]))
  const problems: Problem[] = []
  let count = 0
  for (const row of page.text.matchAll(/^\| (?!trouble \||---)(.+) \|$/gm)) {
    const [, , rules = '', cell = '', ...more] = (row[1] ?? '').split(' | ')
    const named = rules.split(', ')
    const entries = cell.split('<br>')
    count += entries.length
    const messages = [
      ...(more.length > 0 ? ['has more than four cells'] : []),
      ...named.filter((rule) => !defined.has(rule)).map((rule) => `no page of spec/ defines ${rule}`),
      ...entries.flatMap((entry) => judgeTest(entry, named, byPath)),
    ]
    for (const message of messages) {
      problems.push({ file: page.path, line: lineAt(page.text, row.index), message })
    }
  }
  if (count === 0) problems.push({ file: page.path, message: 'no row found' })
  return { problems, notes: [`${count} tests named`] }
}
