import { expect, test } from 'vitest'
import { checkBoundaries } from './boundaries.ts'

function judge(path: string, text: string): string[] {
  return checkBoundaries([{ path, text }]).problems.map(({ message }) => message)
}

const forbidden: [string, string, string, RegExp][] = [
  [
    'the server holds no keys',
    'packages/server/src/main.ts',
    "import { seal } from '@huisclos/crypto/sframe'",
    /server may not/,
  ],
  [
    'not even for a type',
    'packages/server/src/room/step.ts',
    "import type { Kid } from '@huisclos/crypto/sframe'",
    /server may not/,
  ],
  [
    'not by a dynamic import',
    'packages/server/src/main.ts',
    "await import('@huisclos/participant')",
    /server may not/,
  ],
  ['not by a re-export', 'packages/server/src/index.ts', "export * from '@huisclos/vault'", /server may not/],
  [
    'not by a type in place',
    'packages/server/src/index.ts',
    "let k: import('@huisclos/crypto/mls').MlsCode",
    /server may not/,
  ],
  [
    'not by a path',
    'packages/server/src/main.ts',
    "import { a } from '../../crypto/src/bytes.ts'",
    /out of its package/,
  ],
  ['not by require', 'packages/server/src/main.ts', "require('@huisclos/crypto/link')", /server may not/],
  [
    'no meeting runs on an engine with rules waived',
    'packages/web/src/platform/mls-worker.ts',
    "import { createTestEngine } from '@huisclos/crypto/mls/testing'",
    /only tests may import/,
  ],
  [
    'crypto has no Node',
    'packages/crypto/src/bytes.ts',
    "import { createHash } from 'node:crypto'",
    /without Node/,
  ],
  [
    'crypto has no network',
    'packages/crypto/src/bytes.ts',
    "import WebSocket from 'ws'",
    /crypto may not import ws/,
  ],
  [
    'crypto knows none of ours',
    'packages/crypto/src/a.ts',
    "import { x } from '@huisclos/protocol'",
    /crypto may not/,
  ],
  [
    'protocol has its schemas only',
    'packages/protocol/src/a.ts',
    "import x from 'fastify'",
    /protocol may not/,
  ],
  [
    'signalling knows no adapter',
    'packages/server/src/signalling/a.ts',
    "import '../media/mediasoup-sfu.ts'",
    /signalling may not/,
  ],
  ['policy knows no room', 'packages/server/src/policy/a.ts', "import '../room/step.ts'", /policy may not/],
  [
    'the room asks nobody',
    'packages/server/src/room/a.ts',
    "import '../storage/memory-store.ts'",
    /room may not/,
  ],
  [
    'the room has no files',
    'packages/server/src/room/a.ts',
    "import { readFileSync } from 'node:fs'",
    /pure/,
  ],
  [
    'the room has no chance',
    'packages/server/src/room/a.ts',
    "import { randomBytes } from 'node:crypto'",
    /pure/,
  ],
  ['not in a namespace', 'packages/server/src/room/a.ts', "import * as c from 'node:crypto'", /pure/],
  ['nor Math.random', 'packages/server/src/room/a.ts', 'export const a = Math.random()', /Math\.random/],
  ['nothing imports main', 'packages/server/src/http/a.ts', "import '../main.ts'", /nothing imports main/],
  ['an unknown folder', 'packages/server/src/misc/a.ts', "import '../room/step.ts'", /not in the table/],
  ['an unknown package', 'packages/misc/src/a.ts', "import 'x'", /not in the table/],
  [
    'view models know no React',
    'packages/web/src/call/a.ts',
    "import { useState } from 'react'",
    /call may not import react/,
  ],
  [
    'nor its renderer',
    'packages/web/src/call/a.ts',
    "import { flushSync } from 'react-dom'",
    /call may not import react-dom/,
  ],
  [
    'screens ask the call',
    'packages/web/src/ui/a.tsx',
    "import '../platform/devices.ts'",
    /ui may not import platform/,
  ],
  [
    'a source needs no test kit',
    'packages/participant/src/a.ts',
    "import { w } from '@huisclos/testkit'",
    /participant may not/,
  ],
  ['nor vitest', 'packages/crypto/src/a.ts', "import { test } from 'vitest'", /only tests/],
  ['nor a test', 'packages/crypto/src/a.ts', "import { x } from './b.test.ts'", /import a test/],
  [
    'round its own folders',
    'packages/server/src/policy/a.ts',
    "import { x } from '@huisclos/server'",
    /its own package/,
  ],
  [
    "no source but the bench's drives pages",
    'packages/web/src/platform/a.ts',
    "import { Guest } from '../../../../e2e/support/guest.ts'",
    /out of its package/,
  ],
  [
    "nor does the bench need a browser test's own parts",
    'packages/bench/src/join/a.ts',
    "import '../../../../e2e/meeting.test.ts'",
    /out of its package/,
  ],
  ['an import nobody can read', 'packages/server/src/main.ts', 'await import(name)', /not a literal/],
  [
    'set-up needs nothing installed',
    'tools/setup/a.mjs',
    "import { z } from 'zod'",
    /set-up may not import zod/,
  ],
  ['what does not parse', 'packages/server/src/main.ts', 'import {', /./],
]

test.each(forbidden)('%s', (_title, path, text, message) => {
  expect(judge(path, text).join('\n')).toMatch(message)
})

const allowed: [string, string, string][] = [
  [
    'server to protocol',
    'packages/server/src/room/step.ts',
    "import type { Leaf } from '@huisclos/protocol'",
  ],
  ['server to room', 'packages/server/src/signalling/a.ts', "import { step } from '../room/step.ts'"],
  ['everyone to a port', 'packages/server/src/signalling/a.ts', "import type { Sfu } from '../media/sfu.ts'"],
  ['the room hashes', 'packages/server/src/room/a.ts', "import { createHash } from 'node:crypto'"],
  [
    'the root sees all',
    'packages/server/src/main.ts',
    "import './media/mediasoup-sfu.ts'\nimport './http/a.ts'",
  ],
  ['the screen starts from main', 'packages/web/src/ui/main.tsx', "import '../platform/devices.ts'"],
  ['crypto to its libraries', 'packages/crypto/src/a.ts', "import { sha512 } from '@noble/hashes/sha2.js'"],
  ["crypto's command line", 'packages/crypto/tools/vectors.ts', "import { readFileSync } from 'node:fs'"],
  [
    'a test to the test kit',
    'packages/server/src/a.test.ts',
    "import { startWorld } from '@huisclos/testkit'",
  ],
  [
    'the bench drives pages as the browser tests do',
    'packages/bench/src/join/a.ts',
    "import { Guest } from '../../../../e2e/support/guest.ts'",
  ],
  ['set-up to Node', 'tools/setup/a.mjs', "import { join } from 'node:path'\nimport './b.mjs'"],
]

test.each(allowed)('allowed: %s', (_title, path, text) => {
  expect(judge(path, text)).toEqual([])
})

test('a complaint names file and line', () => {
  const text = "import a from './a.ts'\n\nimport b from '@huisclos/crypto/mls'\n"
  expect(checkBoundaries([{ path: 'packages/server/src/index.ts', text }]).problems).toEqual([
    { file: 'packages/server/src/index.ts', line: 3, message: 'server may not import @huisclos/crypto' },
  ])
})

test("a server's test may not hold keys either", () => {
  expect(judge('packages/server/src/a.test.ts', "import '@huisclos/crypto/mls'")).toHaveLength(1)
})
