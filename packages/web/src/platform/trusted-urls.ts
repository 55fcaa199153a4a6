/**
 * The page's one Trusted Types policy (WEB1): under `require-trusted-types-for 'script'` a worker's address must come
 * from here. It lets through what the build made on our own origin and nothing else: no `blob:`, no `data:`, no other
 * host.
 */

interface ScriptUrlPolicy {
  createScriptURL(url: string): string
}
interface PolicyFactory {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy
}

/** The policy's name; the server's `trusted-types` directive must list it. */
const POLICY_NAME = 'huisclos'

/** Throws a `TypeError` for anything but a script of this build on this origin. */
export function checkScriptUrl(url: string, origin: string): string {
  const parsed = new URL(url, origin)
  const isOurs = parsed.origin === origin && /^https?:$/.test(parsed.protocol)
  const isScript = /^\/((assets|src|node_modules|@fs)\/.*\.(js|ts)|(link-keeper|offline)-worker\.js)$/.test(
    parsed.pathname,
  )
  if (!isOurs || !isScript) throw new TypeError('not a script of this build')
  return parsed.href
}

let policy: ScriptUrlPolicy | undefined

function ourPolicy(): ScriptUrlPolicy {
  if (policy) return policy
  const rules = { createScriptURL: (url: string) => checkScriptUrl(url, location.origin) }
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
  policy = factory ? factory.createPolicy(POLICY_NAME, rules) : rules
  return policy
}

/** The address as the browser wants it for `new Worker` and `serviceWorker.register`. */
export function trustedScriptUrl(url: string): string {
  return ourPolicy().createScriptURL(url)
}
