/**
 * WEB1: the headers of every answer. Own origin only, no script or style from elsewhere or inline, no framing, no
 * referrer, and of the browser's powers only those that a meeting needs. Changing this is a security decision.
 */

/** The web client makes its workers' URLs through this Trusted Types policy and no other. */
const TRUSTED_TYPES_POLICY = 'huisclos'

/** `media`: where sound and pictures may come from, streams aside. */
const pagePolicy = (media: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    `media-src ${media}`,
    "worker-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${TRUSTED_TYPES_POLICY}`,
  ].join('; ')

/** OPEN1: the page that opens recordings plays what it has decrypted; no other page plays a blob. */
export const RECORDINGS_PAGE_POLICY = pagePolicy("'self' blob:")

/**
 * OPEN1: the worker that holds a recording's key. It can connect to nothing, and compile WebAssembly (Argon2id), which no
 * page of ours may.
 */
export const OPENER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"

const OWN_PAGE_ONLY = [
  'camera',
  'microphone',
  'on-device-speech-recognition',
  'display-capture',
  'speaker-selection',
  'fullscreen',
  'picture-in-picture',
  'screen-wake-lock',
  'autoplay',
  'clipboard-write',
]
const NOBODY = [
  'accelerometer',
  'browsing-topics',
  'clipboard-read',
  'encrypted-media',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'midi',
  'otp-credentials',
  'payment',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
]
const PERMISSIONS_POLICY = [
  ...OWN_PAGE_ONLY.map((feature) => `${feature}=(self)`),
  ...NOBODY.map((feature) => `${feature}=()`),
].join(', ')

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': pagePolicy("'self'"),
  'permissions-policy': PERMISSIONS_POLICY,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
}

/** @param overTls whether browsers should remember to come by HTTPS only. */
export const securityHeaders = (overTls: boolean): Readonly<Record<string, string>> =>
  overTls ? { ...SECURITY_HEADERS, 'strict-transport-security': 'max-age=31536000' } : SECURITY_HEADERS
