/** A caller's number as others see it (TEL3): country and kind in front, two digits at the end, dots between. */

const HIDDEN = '•• •• ••'

/** `user`: the user part of the caller's URI. What is no number is not shown at all. */
export function maskNumber(user: string): string {
  const digits = /^\+?[\d\s().-]{6,24}$/.test(user) ? user.replace(/\D/g, '') : ''
  if (digits.length < 6) return HIDDEN
  const end = digits.slice(-2)
  if (!user.startsWith('+')) return `${digits.slice(0, 2)} ${HIDDEN} ${end}`
  return `+${digits.slice(0, 2)} ${digits.slice(2, 3)} ${HIDDEN} ${end}`
}
