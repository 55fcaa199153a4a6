/** Programs that the bench measures, each in a process of its own that collects its garbage when asked and ends with the bench. */
import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'

const PRELOAD = new URL('./server-preload.ts', import.meta.url).href

export interface Apart {
  child: ChildProcess
  collectGarbage(): Promise<void>
  /** Resolves when it has ended. */
  end(): Promise<void>
}

export function forkApart(program: string, args: readonly string[]): Apart {
  const child = fork(program, args, { execArgv: ['--expose-gc', '--import', PRELOAD], silent: true })
  const ended = once(child, 'exit')
  return {
    child,
    collectGarbage: async () => {
      const collected = once(child, 'message')
      child.send('collect')
      await collected
    },
    end: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
