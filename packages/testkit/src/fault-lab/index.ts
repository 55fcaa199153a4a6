/** The fault lab (docs/fault-lab.md): networks, processes, disks and clocks that misbehave on purpose. For tests only. */
export { fillDisk, whyNoFullDisk } from './full-disk.ts'
export { NetworkLab, whyNoNetworks } from './network-lab.ts'
export { PathModel } from './path-model.ts'
export { halt } from './processes.ts'
