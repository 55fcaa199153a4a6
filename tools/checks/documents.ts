// Owns the checks on what is written: every relative link leads somewhere, and the list of error codes in the protocol
// is the list in docs/errors.md.
import { posix } from 'node:path'
import type { Findings, Problem } from './check.ts'
import type { ProjectFile } from './project-files.ts'
import { lineAt } from './source.ts'

/** Text with fenced code and code spans blanked, offsets kept: what stands in code is no link. */
function withoutCode(text: string): string {
  const blank = (code: string) => code.replace(/[^\n]/g, ' ')
  return text.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, blank).replace(/`[^`\n]*`/g, blank)
}

/** GitHub's anchors of a page's headings. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading] of text.matchAll(/^#{1,6}\s+(.+)$/gm)) {
    const words = (heading ?? '').toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '')
    anchors.add(words.trim().replace(/\s/g, '-'))
  }
  return anchors
}

function judgeLink(
  page: ProjectFile,
  link: string,
  exists: (path: string) => boolean,
  pages: ReadonlyMap<string, ProjectFile>,
): string | undefined {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page.path : posix.join(posix.dirname(page.path), decodeURI(path))
  if (target.startsWith('..')) return `the link ${link} leads out of the project`
  if (!exists(target)) return `the link ${link} leads nowhere`
  const linked = pages.get(target)
  if (anchor && linked && !anchorsOf(linked.text).has(decodeURI(anchor)))
    return `${target} has no heading #${anchor}`
  return undefined
}

/**
 * @param markdown all pages
 * @param exists whether a path relative to the project is there
 */
export function checkLinks(markdown: readonly ProjectFile[], exists: (path: string) => boolean): Findings {
  const problems: Problem[] = []
  const pages = new Map(markdown.map((page) => [page.path, page]))
  let count = 0
  for (const page of markdown) {
    const text = withoutCode(page.text)
    for (const match of text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\[[^\]]+\]:\s*(\S+)/gm)) {
      const link = match[1] ?? match[2] ?? ''
      if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(link)) continue
      count += 1
      const message = judgeLink(page, link, exists, pages)
      if (message) problems.push({ file: page.path, line: lineAt(page.text, match.index), message })
    }
  }
  return { problems, notes: [`${count} links`] }
}

/** Codes that docs/errors.md explains: the first cell of each table row, in backticks. */
export function documentedCodes(page: string): string[] {
  return [...page.matchAll(/^\|\s*`([a-z0-9-]+)`\s*\|/gm)].map(([, code]) => code ?? '')
}

/**
 * @param codes the protocol's list
 * @param page the text of docs/errors.md
 */
export function checkErrorCodes(codes: readonly string[], page: string): Findings {
  const file = 'docs/errors.md'
  const problems: Problem[] = []
  const documented = documentedCodes(page)
  for (const code of codes)
    if (!documented.includes(code)) problems.push({ file, message: `${code} is not explained` })
  for (const code of documented) {
    if (!codes.includes(code)) problems.push({ file, message: `${code} is no code of the protocol` })
  }
  if (codes.length === 0)
    problems.push({ file: 'packages/protocol/src/error-code.ts', message: 'no codes found' })
  for (const code of new Set(documented.filter((code, at) => documented.indexOf(code) !== at))) {
    problems.push({ file, message: `${code} is explained twice` })
  }
  return { problems, notes: [`${codes.length} codes`] }
}
