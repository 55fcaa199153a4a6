/**
 * Why a microphone or camera cannot be had, as the closed list of causes that the screens word (spec/room.md). Reads
 * the browser's error; keeps nothing of it.
 */

/**
 * - `site-refused`: the person or a setting refuses this site
 * - `system-refused`: the operating system refuses the browser
 * - `in-use`: another program or tab holds it, or the driver failed
 * - `none`: there is none
 * - `gone`: the one that was chosen is not there
 * - `no-https`: the page is not in a secure context, so the browser gives none
 */
export type DeviceProblem =
  | 'site-refused'
  | 'system-refused'
  | 'in-use'
  | 'none'
  | 'gone'
  | 'no-https'
  | 'unknown'

const BY_NAME: Readonly<Record<string, DeviceProblem>> = {
  SecurityError: 'site-refused',
  PermissionDeniedError: 'site-refused',
  NotFoundError: 'none',
  DevicesNotFoundError: 'none',
  OverconstrainedError: 'gone',
  ConstraintNotSatisfiedError: 'gone',
  NotReadableError: 'in-use',
  TrackStartError: 'in-use',
  AbortError: 'in-use',
}

/** `isSecure`: whether the page is in a secure context with `navigator.mediaDevices`. */
export function problemOf(error: unknown, isSecure = true): DeviceProblem {
  if (!isSecure) return 'no-https'
  if (!(error instanceof Error)) return 'unknown'
  if (error.name === 'NotAllowedError') {
    // Chromium says "Permission denied by system"; other browsers do not tell the two apart.
    return /system/i.test(error.message) ? 'system-refused' : 'site-refused'
  }
  return BY_NAME[error.name] ?? 'unknown'
}
