/** The parts between sockets and rooms, for a test network in memory. Nothing but testkit imports this. */
export { FakeSfu } from './media/fake-sfu.ts'
export { createMetrics } from './observe/metrics.ts'
export { sha256 } from './policy/secret-match.ts'
export { Entrance } from './signalling/entrance.ts'
export { Probes } from './signalling/probes.ts'
export { Rooms } from './signalling/rooms.ts'
export { SocketSession } from './signalling/socket-session.ts'
export { createMemoryStore } from './storage/memory-store.ts'
