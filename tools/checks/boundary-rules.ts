// Owns the table "who may import whom" (docs/architecture.md). What is not allowed here fails the build; the check that
// reads it is boundaries.ts.

export interface PackageRule {
  /** Our own packages that it may import. */
  readonly packages: readonly string[]
  /** Whether its sources may import Node's modules. */
  readonly node: boolean
  /** Where set, the only packages of others that it may import; a trailing `/` names a scope. */
  readonly externals?: readonly string[]
  /** Folders beside `packages/` that it may import by path. */
  readonly outside?: readonly string[]
  /** Folders of `src/` and what each may import from the other folders. */
  readonly layers?: Readonly<Record<string, readonly string[]>>
}

/**
 * Inside the server: signalling and http → room → policy; room declares what it needs, media and storage supply it.
 * Only the composition root (the files directly in src/) sees everything, and nothing imports main.ts.
 */
const serverLayers = {
  signalling: ['room', 'policy', 'observe', 'config'],
  http: ['room', 'policy', 'observe', 'config'],
  room: ['policy'],
  policy: [],
  media: ['room', 'observe', 'config'],
  storage: ['room', 'policy', 'observe', 'config'],
  recording: ['room', 'policy', 'observe', 'config'],
  observe: ['config'],
  config: [],
}

/** Inside the web client: ui → call → participant. */
const webLayers = {
  ui: ['call'],
  admin: ['call', 'ui'],
  call: ['platform'],
  platform: [],
  // The page that opens recordings, and with it the vault, which no other folder may import.
  vault: ['ui', 'call', 'platform'],
}

/** Inside the archive: only node/ needs Node, so that a page can open a recording. */
const archiveLayers = {
  format: [],
  write: ['format', 'read'],
  read: ['format', 'write'],
  node: ['format', 'write'],
  testing: ['format', 'write', 'read', 'node'],
}

export const packageRules: Readonly<Record<string, PackageRule>> = {
  protocol: { packages: [], node: false, externals: ['zod'] },
  crypto: { packages: [], node: false, externals: ['@hpke/', '@noble/', '@scure/', 'ts-mls', 'zod'] },
  participant: { packages: ['protocol', 'crypto'], node: false, externals: ['zod'] },
  rtp: { packages: [], node: false, externals: [] },
  archive: { packages: ['protocol'], node: true, externals: ['@noble/'], layers: archiveLayers },
  server: { packages: ['protocol', 'archive'], node: true, layers: serverLayers },
  web: { packages: ['participant', 'protocol', 'crypto'], node: false, layers: webLayers },
  'node-media': { packages: ['participant', 'protocol', 'crypto', 'rtp'], node: true },
  phone: { packages: ['participant', 'protocol', 'crypto', 'rtp', 'node-media'], node: true },
  vault: { packages: ['archive', 'crypto', 'protocol', 'rtp'], node: true },
  // Its bin begins with set-up, as npm's scripts do.
  cli: { packages: ['protocol', 'vault'], node: true, outside: ['tools/run.mjs'] },
  // The bench drives pages as the browser tests do: one way to press Join, so that both break at once.
  bench: {
    packages: ['participant', 'protocol', 'crypto', 'rtp', 'node-media', 'archive', 'phone', 'testkit'],
    node: true,
    outside: ['e2e/support/'],
  },
  testkit: {
    packages: [
      'protocol',
      'crypto',
      'participant',
      'rtp',
      'node-media',
      'archive',
      'server',
      'phone',
      'vault',
    ],
    node: true,
  },
}

/** Files that declare a port: any folder of the same package may import them. */
export const ports = [
  'server/src/clock.ts',
  'server/src/media/sfu.ts',
  'server/src/media/sfu-tap.ts',
  'server/src/recording/recorder.ts',
  'server/src/storage/store.ts',
  'web/src/ui/ports.ts',
  'web/src/ui/quality-ports.ts',
  'web/src/ui/recording-ports.ts',
]

/** Folders whose files may import no React. */
export const withoutReact = [
  'web/src/call/',
  'web/src/platform/',
  'web/src/vault/model/',
  'web/src/vault/worker/',
]

/** The room is pure: neither clock nor input nor output. */
export const pure = ['server/src/room/']

/** Of Node's modules, what gives the same answer each time: the pure folders may import these names. */
export const pureNames: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': ['createHash', 'createHmac', 'timingSafeEqual', 'sign', 'verify', 'KeyObject'],
}

/** What only tests may import, besides what their package may. */
export const testExternals = ['vitest', 'fast-check', 'axe-core', 'playwright-core', 'puppeteer-core']

/** Modules of our own that only tests and testkit may import: what they make must not reach a meeting. */
export const testModules = [
  '@huisclos/crypto/mls/testing',
  '@huisclos/crypto/sframe/vectors',
  '@huisclos/vault/testing',
]
