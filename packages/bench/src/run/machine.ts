/** What of a machine matters to a figure. Never its name, its paths or its users: results are published. */
import { availableParallelism, cpus, totalmem } from 'node:os'

export interface Machine {
  cpu: string
  cores: number
  memoryGiB: number
  node: string
}

export function thisMachine(): Machine {
  return {
    cpu: (cpus()[0]?.model ?? 'unknown').replace(/\s+/g, ' ').trim(),
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  }
}

/** Whether figures of the two may be compared; another patch of Node does not hinder it. */
export function isSameMachine(a: Machine, b: Machine): boolean {
  const major = (version: string) => version.split('.')[0]
  return a.cpu === b.cpu && a.cores === b.cores && major(a.node) === major(b.node)
}

export function formatMachine({ cpu, cores, memoryGiB, node }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}`
}
