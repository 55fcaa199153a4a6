import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VAULT_CODES } from '@huisclos/vault'
import type { GivenFrame, GivenStream } from '@huisclos/vault/testing'
import { recordMeeting } from '@huisclos/vault/testing'
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny'
import { afterAll, describe, expect, test } from 'vitest'
import { runVault } from './run-vault.ts'
import type { Language } from './words.ts'
import { errorWords, languageOf, words } from './words.ts'

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0
const folder = await mkdtemp(join(tmpdir(), 'huisclos-cli-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)

async function run(args: string[], language: Language = 'en') {
  const said: string[] = []
  const terminal = {
    say: (line: string) => said.push(line),
    warn: (line: string) => said.push(line),
    language,
  }
  const status = await runVault(args, terminal)
  return { status, text: said.join('\n') }
}

await writeFile(at('phrase'), 'correct horse battery\n')
const withPhrase = ['--passphrase-file', at('phrase')]
const made = await run(['keygen', at('board'), '--owner', 'Conseil', '--paper', ...withPhrase])

describe('keys on the command line', () => {
  test('[REC6] keygen writes a key file for its owner alone, and says what its loss means', async () => {
    expect(made.status).toBe(0)
    expect(made.text).toContain(words.en.loss)
    expect((await stat(at('board.key.json'))).mode & 0o077).toBe(0)
    const again = await run(['keygen', at('board'), ...withPhrase])
    expect(again).toMatchObject({ status: 1, text: expect.stringContaining('[file-exists]') })
  })

  test('[REC6] check tells good backups from others without opening them, and proves them on demand', async () => {
    const own = ['--public', at('board.public.json')]
    for (const backup of ['board.key.json', 'board.paper.html'])
      expect((await run(['check', at(backup), ...own])).status).toBe(0)
    expect((await run(['check', at('board.key.json'), '--prove', ...withPhrase])).text).toContain(
      words.en.proven,
    )
    await run(['keygen', at('other'), '--shares', '2/3'])
    const foreign = await run(['check', at('other.share-1.html'), ...own])
    expect(foreign).toMatchObject({ status: 1, text: expect.stringContaining('[key-mismatch]') })
    const two = [at('other.share-1.html'), at('other.share-3.html')]
    expect((await run(['check', ...two, '--prove'])).status).toBe(0)
    expect((await run(['check', two[0] as string, '--prove'])).text).toContain('[shares-too-few]')
  })

  test('[REC6] a passphrase is no argument', async () => {
    expect(await run(['keygen', at('x'), '--passphrase', 'correct horse battery'])).toMatchObject({
      status: 2,
    })
  })
})

/** One stream of a file that ffmpeg made. */
async function framesOf(path: string, kind: 'audio' | 'video'): Promise<GivenFrame[]> {
  const source = new BufferSource(new Uint8Array(await readFile(path)))
  const input = new Input({ formats: ALL_FORMATS, source })
  const track = kind === 'audio' ? await input.getPrimaryAudioTrack() : await input.getPrimaryVideoTrack()
  if (!track) return []
  const frames: GivenFrame[] = []
  for await (const { timestamp, data } of new EncodedPacketSink(track).packets())
    frames.push({ timeUs: Math.max(0, Math.round(timestamp * 1e6)) + 300_000, data })
  return frames
}

async function keepMeeting(name: string) {
  const streams: GivenStream[] = []
  for (const leaf of [0, 1]) {
    const path = at(`source-${leaf}.webm`)
    const inputs = ['-f', 'lavfi', '-i', 'testsrc=s=320x180:r=15:d=3']
    const sound = ['-f', 'lavfi', '-i', `sine=f=${440 * (leaf + 1)}:d=3`]
    const codecs = ['-c:v', 'libvpx', '-g', '30', '-auto-alt-ref', '0', '-c:a', 'libopus']
    execFileSync('ffmpeg', ['-y', '-loglevel', 'error', ...inputs, ...sound, ...codecs, path])
    streams.push({ leaf, source: 'camera', frames: await framesOf(path, 'video') })
    streams.push({ leaf, source: 'microphone', frames: await framesOf(path, 'audio') })
  }
  const file = JSON.parse(await readFile(at('board.public.json'), 'utf8')) as { publicKey: string }
  const publicKey = new Uint8Array(Buffer.from(file.publicKey, 'base64url'))
  const { store } = await recordMeeting({ publicKey, names: ['Ana', 'Ben'], streams })
  const { mkdir } = await import('node:fs/promises')
  await mkdir(at(name))
  for (const [file, bytes] of store.files) await writeFile(join(at(name), file), bytes)
  return at(name)
}

const probe = (path: string) =>
  execFileSync('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'stream=codec_name:format=duration',
    '-of',
    'csv=p=0',
    path,
  ])
    .toString()
    .split('\n')

describe.skipIf(!hasFfmpeg)('recordings on the command line', () => {
  test('[REC5] list, verify, open and export, as a person does', async () => {
    const recording = await keepMeeting('rec')
    expect((await run(['list', folder])).text).toMatch(/^[\w-]{22} {2}2027-/)
    expect(await run(['verify', recording])).toMatchObject({ status: 0 })
    const key = ['--key', at('board.key.json'), ...withPhrase]
    const opened = await run(['open', recording, ...key, '--out', at('out')])
    // No host has signed this one's manifest, which is said, and all else is whole.
    expect(opened.text).toContain('unsigned')
    expect(opened.status).toBe(3)
    expect(opened.text).not.toMatch(/^(gap|damage)/m)
    expect((await readdir(at('out'))).sort()).toEqual(['Ana.webm', 'Ben.webm', 'gallery.webm'])
    for (const file of ['Ana.webm', 'gallery.webm']) {
      const [a, b, duration] = probe(join(at('out'), file))
      expect([a, b].sort()).toEqual(['opus', 'vp8'])
      expect(Number(duration)).toBeGreaterThan(2.9)
      expect(Number(duration)).toBeLessThan(3.6)
    }
    const decoded = spawnSync('ffmpeg', ['-v', 'error', '-i', join(at('out'), 'Ben.webm'), '-f', 'null', '-'])
    expect(decoded.stderr.toString()).toBe('')
    const paper = ['--key', at('board.paper.html'), '--out', at('board.mp4')]
    expect((await run(['export', recording, ...paper])).status).toBe(3)
    expect(probe(at('board.mp4')).slice(0, 2).sort()).toEqual(['aac', 'h264'])
  })

  test('[REC2] attack: another key opens nothing and leaves nothing', async () => {
    const recording = await keepMeeting('rec2')
    const shares = ['--key', at('other.share-1.html'), '--key', at('other.share-2.html')]
    const refused = await run(['open', recording, ...shares, '--out', at('none')], 'fr')
    expect(refused).toMatchObject({ status: 1, text: expect.stringContaining('[nothing-opens]') })
    expect(await readdir(at('none'))).toEqual([])
  })
})

describe('words', () => {
  test('every code has words in both languages', () => {
    for (const language of ['en', 'fr'] as const)
      expect(Object.keys(errorWords[language]).sort()).toEqual([...VAULT_CODES].sort())
  })

  test('every code is explained, and no other', async () => {
    const page = await readFile(new URL('../../../../docs/vault.md', import.meta.url), 'utf8')
    const listed = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, code]) => code)
    expect(listed).toEqual([...VAULT_CODES])
  })

  test('the locale picks the language', () => {
    expect(languageOf({ LANG: 'fr_CA.UTF-8' })).toBe('fr')
    expect(languageOf({ LANG: 'fr_FR', LC_ALL: 'C' })).toBe('en')
  })

  test('a call that is none gets the usage', async () => {
    expect(await run([])).toMatchObject({ status: 2, text: words.en.usage })
    expect(await run(['toString'])).toMatchObject({ status: 2 })
    expect((await run(['open', 'nowhere', '--key', at('nothing')])).text).toContain('[file-unreadable]')
  })
})
