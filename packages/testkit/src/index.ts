/** What tests stand on: a clock, a network and media that a test holds in its hand. Imported by tests and bench only. */
export { FakeClock, seeded } from './fake-clock.ts'
export type { FakeAir, FakeTrack } from './fake-media.ts'
export { FakeMedia } from './fake-media.ts'
export type { Participant, WorldOptions } from './meeting-world.ts'
export { MeetingWorld } from './meeting-world.ts'
export type { Line, NetworkOptions } from './memory-network.ts'
export { MemoryNetwork } from './memory-network.ts'
