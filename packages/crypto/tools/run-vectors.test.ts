import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runVectors } from './run-vectors.ts'
import { parseVectorFile, VectorFileError } from './vector-file.ts'

const sample = fileURLToPath(new URL('../../../vectors/rfc9605/sframe-sample.json', import.meta.url))
const tool = fileURLToPath(new URL('./vectors.ts', import.meta.url))
const text = await readFile(sample, 'utf8')
const header = { kid: 0, ctr: 65536, encoded: '0a010000' }

const frameOf = (changes: Record<string, unknown>): string => {
  const { sframe } = JSON.parse(text) as { sframe: Record<string, unknown>[] }
  return JSON.stringify({ sframe: [{ ...sframe[0], ...changes }] })
}

describe('the published vectors', () => {
  test('all pass', async () => {
    expect(await runVectors(text)).toEqual({ passed: 59, failures: [], skipped: 0 })
  })

  test('keep integers exact beyond 2^53', () => {
    const { headers } = parseVectorFile(text)
    expect(headers.map(({ ctr }) => ctr)).toContain(18446744073709551615n)
    expect(headers.map(({ kid }) => kid)).toContain(281474976710655n)
    const next = '{"header":[{"kid":9007199254740993,"ctr":0,"encoded":"e020000000000001"}]}'
    expect(parseVectorFile(next).headers[0]?.kid).toBe(9007199254740993n)
  })

  test('may be written in upper-case hexadecimal and carry further fields', async () => {
    const upper = text.replace(
      /"encoded": "([0-9a-f]+)"/g,
      (_, hex: string) => `"encoded": "${hex.toUpperCase()}"`,
    )
    expect((await runVectors(upper.replace('{', '{"note":1.5,"more":[{"a":null}],'))).passed).toBe(59)
  })
})

describe('a vector that is wrong', () => {
  test('fails by name when the header differs', async () => {
    const report = await runVectors(JSON.stringify({ header: [header, { ...header, encoded: '0a010001' }] }))
    expect(report.passed).toBe(1)
    expect(report.failures).toEqual([expect.stringMatching(/^header\[1\]: encodes to 0a010000/)])
  })

  const flipped = {
    ct: 'ff'.repeat(41),
    pt: '00',
    metadata: '00',
    base_key: '00'.repeat(16),
    ctr: 17768,
    kid: 7,
  }
  for (const [name, value] of Object.entries(flipped)) {
    test(`fails when ${name} differs`, async () => {
      const report = await runVectors(frameOf({ [name]: value }))
      expect(report).toMatchObject({
        passed: 0,
        skipped: 0,
        failures: [expect.stringMatching(/^sframe\[0\]/)],
      })
    })
  }

  const values = [
    'sframe_key_label',
    'sframe_salt_label',
    'sframe_secret',
    'sframe_key',
    'sframe_salt',
    'nonce',
    'aad',
  ]
  test.each(values)('fails when only %s differs', async (name) => {
    const report = await runVectors(frameOf({ [name]: '00' }))
    expect(report.failures).toEqual([expect.stringMatching(new RegExp(`^sframe\\[0\\]: ${name} differs`))])
  })

  test('is skipped, not passed, when its suite is not here', async () => {
    expect(await runVectors(frameOf({ cipher_suite: 6 }))).toEqual({ passed: 0, failures: [], skipped: 1 })
  })
})

describe('a file that is not of the shape', () => {
  const wrong: [string, RegExp][] = [
    ['', /not JSON/],
    ['[]', /the file is not an object/],
    ['null', /the file is not an object/],
    ['{"header":{}}', /header is not a list/],
    ['{"header":[3]}', /header\[0\] is not an object/],
    ['{"header":[{"kid":1,"ctr":2}]}', /header\[0\]\.encoded is not hexadecimal/],
    ['{"header":[{"kid":"1","ctr":2,"encoded":"12"}]}', /header\[0\]\.kid is not an integer/],
    ['{"header":[{"kid":1.5,"ctr":2,"encoded":"12"}]}', /header\[0\]\.kid is not an integer/],
    ['{"header":[{"kid":-1,"ctr":2,"encoded":"12"}]}', /header\[0\]\.kid is not between/],
    ['{"header":[{"kid":1,"ctr":18446744073709551616,"encoded":"12"}]}', /header\[0\]\.ctr is not between/],
    ['{"header":[{"kid":1,"ctr":2,"encoded":"1"}]}', /hexadecimal/],
  ]
  test.each(wrong)('%s is an error that says where', (content, message) => {
    expect(() => parseVectorFile(content)).toThrow(VectorFileError)
    expect(() => parseVectorFile(content)).toThrow(message)
  })
})

describe('the command', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vectors-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const run = (...args: string[]) =>
    new Promise<{ status: number; out: string; err: string }>((resolve) => {
      execFile(process.execPath, [tool, ...args], (error, out, err) => {
        resolve({ status: error ? Number(error.code) : 0, out, err })
      })
    })
  const runText = async (content: string) => {
    const path = join(folder, 'vectors.json')
    await writeFile(path, content)
    return run(path)
  }

  test('ends with what passed and failed, and status 0', async () => {
    expect(await run(sample)).toEqual({ status: 0, out: '59 passed, 0 failed\n', err: '' })
  })

  test('has status 1 when one fails', async () => {
    const result = await runText(JSON.stringify({ header: [header, { ...header, ctr: 1 }] }))
    expect(result.status).toBe(1)
    expect(result.out).toMatch(/1 passed, 1 failed\n$/)
    expect(result.err).toMatch(/FAILED header\[1\]/)
  })

  test('has status 1 when nothing ran', async () => {
    expect(await runText('{}')).toMatchObject({ status: 1, out: '0 passed, 0 failed\n' })
    const skipped = await runText(frameOf({ cipher_suite: 99 }))
    expect(skipped.status).toBe(1)
    expect(skipped.out).toMatch(/^1 skipped .*\n0 passed, 0 failed\n$/)
  })

  test('has status 1 and a clear line for a malformed, missing or unnamed file', async () => {
    expect(await runText('{"header":')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^Cannot run .*not JSON/),
    })
    expect(await run(join(folder, 'missing.json'))).toMatchObject({
      status: 1,
      err: expect.stringMatching(/ENOENT/),
    })
    expect(await run()).toMatchObject({ status: 1, err: expect.stringMatching(/^Usage/) })
  })
})
