/** Processes that stop, go on or die without a word. Must only be given processes that the test itself started. */
import { readFileSync } from 'node:fs'

/** Halts processes (SIGSTOP), as a closed lid or a machine out of breath does; on disposal they go on (SIGCONT). */
export function halt(pids: readonly number[]): Disposable {
  const halted = pids.filter((pid) => send(pid, 'SIGSTOP'))
  return {
    [Symbol.dispose]: () => {
      for (const pid of halted) send(pid, 'SIGCONT')
    },
  }
}

/** Ends a process so that it cannot say goodbye (`kill -9`); false when there was none. */
export const killHard = (pid: number): boolean => send(pid, 'SIGKILL')

/** The letter of `ps`: `T` halted, `S` or `R` alive, `Z` dead but not yet reaped; null when it is gone. */
export function stateOf(pid: number): string | null {
  try {
    return /^\d+ \(.*\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? null
  } catch {
    return null
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
