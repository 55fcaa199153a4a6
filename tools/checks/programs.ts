// Owns running the checks that other programs make: the compiler, biome, knip. Their output is shown where they fail.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Findings } from './check.ts'

interface Ended {
  readonly status: number
  readonly output: string
}

function runScript(base: string, script: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(base, 'node_modules', script), ...args], {
      cwd: base,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ status: code ?? 1, output: output.trim() }))
  })
}

function toFindings(what: string, { status, output }: Ended): Findings {
  if (status === 0) return { problems: [] }
  return { problems: [{ file: '.', message: `${what} ended with status ${status}` }], output }
}

/** Every project that tsconfig.json refers to, checked at the same time. */
export async function checkTypes(base: string): Promise<Findings> {
  const solution = JSON.parse(readFileSync(join(base, 'tsconfig.json'), 'utf8')) as {
    references: { path: string }[]
  }
  const projects = solution.references.map(({ path }) => path)
  const ended = await Promise.all(
    projects.map((path) => runScript(base, 'typescript/bin/tsc', ['-p', path, '--pretty', 'false'])),
  )
  const findings = ended.map((end, at) => toFindings(`tsc -p ${projects[at]}`, end))
  return {
    problems: findings.flatMap(({ problems }) => problems),
    // A shared source is compiled in several projects and complains in each.
    output: [...new Set(findings.flatMap(({ output }) => output?.split('\n') ?? []))].join('\n'),
    notes: [`${projects.length} projects`],
  }
}

export async function checkStyle(base: string): Promise<Findings> {
  const args = ['check', '--error-on-warnings', '--max-diagnostics=60', '--colors=off']
  return toFindings('biome', await runScript(base, '@biomejs/biome/bin/biome', args))
}

export async function checkDeadCode(base: string): Promise<Findings> {
  return toFindings('knip', await runScript(base, 'knip/bin/knip.js', ['--no-progress', '--no-config-hints']))
}
