// Owns what a check is: a name and a function from the project to the problems found. A check never prints and never
// ends the process; main.ts does both.

/** One complaint: where, and what is wrong there. `file` is relative to the project. */
export interface Problem {
  readonly file: string
  readonly line?: number
  readonly message: string
}

/** What a check found. `notes` are shown and fail nothing. */
export interface Findings {
  readonly problems: readonly Problem[]
  readonly notes?: readonly string[]
  /** Output of another program, shown as it is where the check failed. */
  readonly output?: string
}

export interface Check {
  readonly name: string
  run(): Promise<Findings>
}

export function formatProblem(problem: Problem): string {
  return `${problem.file}${problem.line === undefined ? '' : `:${problem.line}`}: ${problem.message}`
}
