/** Version negotiation: both sides list what they speak, the highest common version is used. */

export const PROTOCOL_VERSIONS = [1] as const
export const WEBSOCKET_PATH = '/ws'

/** The highest version both speak, or null when there is none. */
export function negotiateVersion(
  theirs: readonly number[],
  ours: readonly number[] = PROTOCOL_VERSIONS,
): number | null {
  const common = ours.filter((v) => theirs.includes(v))
  return common.length === 0 ? null : Math.max(...common)
}
