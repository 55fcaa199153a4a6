/** The server as a library: what main.ts and tests start. */

export type { ConfigErrorCode } from './config/config-error.ts'
export { ConfigError } from './config/config-error.ts'
export type { RunningServer, StartOptions } from './start-server.ts'
export { startServer } from './start-server.ts'
