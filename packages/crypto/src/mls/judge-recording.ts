/**
 * The order to record in the GroupContext [REC1]: when a commit may set, pause or take it away. Judged by what all
 * members hold alike; who may change the context at all is judge-commit's [GRP2].
 */
import { equal } from '../bytes.ts'
import { decodeRecordingOrder } from '../seal/recording-order.ts'
import type { MeetingContext, MeetingPolicy } from './group-engine.ts'
import type { Demand } from './refusal.ts'

/** An order that reads, where the room's descriptor allows one; paused only where there is one. */
export function isRecordingSound({ recordingKey, recordingPaused }: MeetingPolicy): boolean {
  return recordingKey === null ? !recordingPaused : decodeRecordingOrder(recordingKey) !== undefined
}

/**
 * From one context to the next. An order is never replaced in one step: one recording's keys end before another's
 * begin. A commit that changes it adds nobody, so that whoever comes in enters an epoch whose predecessor was ordered
 * alike, and is told before it has sent anything.
 */
export function judgeRecording(
  { before, after, adds }: { before: MeetingContext; after: MeetingContext; adds: number },
  demand: Demand,
): void {
  const [old, now] = [before.policy, after.policy]
  const renewed = after.descriptorVersion > before.descriptorVersion
  demand(now.recording === old.recording || renewed, 'recording-forbidden')
  demand(now.recordingKey === null || now.recording, 'recording-forbidden')
  demand(isRecordingSound(now), 'recording-order')
  const kept = isSameOrder(old.recordingKey, now.recordingKey)
  demand(kept || old.recordingKey === null || now.recordingKey === null, 'recording-order')
  demand(adds === 0 || (kept && old.recordingPaused === now.recordingPaused), 'recording-order')
}

function isSameOrder(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : equal(a, b)
}
