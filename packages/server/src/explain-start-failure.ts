/** A failed start in words that say what to do. Names no more of the failure than the operator can act on. */

import { ConfigError } from './config/config-error.ts'
import { SfuStartError } from './media/sfu-start-error.ts'

export function explainStartFailure(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof SfuStartError) return explainMedia(error)
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const port = 'port' in error && typeof error.port === 'number' ? error.port : 0
    const words = explainListen(error.code, port)
    if (words !== null) return words
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `The server could not start, which is a defect of ours:\n${detail}`
}

function explainListen(code: string, port: number): string | null {
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use. Stop the other program or run npm start -- --port ${port + 1}`
  }
  if (code === 'EACCES') {
    return `This user may not listen on port ${port}. Use a port from 1024 on: npm start -- --port 8080`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
    return 'This machine has no such address to listen on. Choose another: npm start -- --listen 0.0.0.0'
  }
  return null
}

function explainMedia({ code, port }: SfuStartError): string {
  if (code === 'port-in-use') {
    return `Media port ${port} is in use. Stop the other program or run npm start -- --media-port ${(port ?? 40_000) + 100}`
  }
  if (code === 'address-unavailable') {
    return 'This machine cannot listen on the address chosen for media. Choose another: --announced-address'
  }
  if (code === 'worker-missing') {
    return 'The media worker is missing. npm start obtains it; for another one set MEDIASOUP_WORKER_BIN to its path.'
  }
  return 'The media worker could not start. Set MEDIASOUP_WORKER_BIN to one that runs on this machine.'
}
