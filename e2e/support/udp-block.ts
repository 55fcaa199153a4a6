/**
 * A network that lets no UDP through to one port of this machine: a firewall rule on loopback, taken away on disposal.
 * Takes root and iptables.
 */
import { execFileSync } from 'node:child_process'

const rule = (port: number): string[] => [
  'INPUT',
  '-i',
  'lo',
  '-p',
  'udp',
  '--dport',
  `${port}`,
  '-j',
  'DROP',
]

/** True where such a rule can be set: as root, with iptables and a kernel that takes it. */
export function canBlockUdp(): boolean {
  try {
    execFileSync('iptables', ['-S', 'INPUT'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export function blockUdp(port: number): Disposable {
  execFileSync('iptables', ['-I', ...rule(port)])
  return { [Symbol.dispose]: () => void execFileSync('iptables', ['-D', ...rule(port)]) }
}
