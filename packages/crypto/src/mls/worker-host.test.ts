import { MessageChannel } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { utf8 } from '../bytes.ts'
import { engine, makeWorld } from './engine-fixtures.ts'
import type { GroupEngine } from './group-engine.ts'
import type { EnginePort } from './worker-host.ts'
import { connectGroupEngine, serveGroupEngine } from './worker-host.ts'

/** Node's ports and the platform's differ in types alone. */
function portPair(): [EnginePort, EnginePort] {
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => port1.close())
  return [port1 as unknown as EnginePort, port2 as unknown as EnginePort]
}

function hosted(inner: GroupEngine): GroupEngine {
  const [page, worker] = portPair()
  serveGroupEngine(worker, inner)
  return connectGroupEngine(page)
}

test('[LIB1] an engine behind a port is the same engine', async () => {
  const world = makeWorld()
  const [alice, bob] = [hosted(engine()), hosted(engine())]
  await alice.create({ ...world, hostSeed: world.hostSeed })
  const { keyPackage } = await bob.keyPackage(world)
  expect(await alice.inspect(keyPackage)).toEqual({
    pseudonym: expect.any(String),
    resumes: null,
    host: false,
  })
  const { welcome } = await alice.commit({ adds: [keyPackage], removes: [] })
  const view = await alice.confirm()
  const joined = await bob.join(welcome as Uint8Array, world.expect)
  expect(joined.baseKey).toEqual(view.baseKey)
  const { body } = await bob.seal(utf8('salut'))
  expect(await alice.process(body)).toMatchObject({ kind: 'application', leaf: 1, data: utf8('salut') })
  const signature = await bob.sign('hello', utf8('x'))
  expect(await alice.verify(1, 'hello', utf8('x'), signature)).toBe(true)
  expect(await alice.verify(1, 'hallo', utf8('x'), signature)).toBe(false)
})

test('[LIB1] errors cross a port as codes', async () => {
  const alice = hosted(engine())
  await expect(alice.seal(utf8('x'))).rejects.toMatchObject({
    name: 'MlsError',
    code: 'no-group',
    message: 'no-group',
  })
})

test('[LIB1] an error that is not ours crosses as engine-fault, without its message', async () => {
  const broken = { seal: () => Promise.reject(new Error('secret')) } as unknown as GroupEngine
  await expect(hosted(broken).seal(utf8('x'))).rejects.toMatchObject({
    code: 'engine-fault',
    message: 'engine-fault',
  })
})

test('[LIB1] calls through a port never interleave', async () => {
  let [running, most] = [0, 0]
  const slow = {
    async seal() {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 2))
      running--
      return { body: new Uint8Array(), epoch: 0 }
    },
  } as unknown as GroupEngine
  const remote = hosted(slow)
  await Promise.all(Array.from({ length: 8 }, () => remote.seal(utf8('x'))))
  expect(most).toBe(1)
})

test('[LIB1] closing ends what waits and what comes later, and closes the engine', async () => {
  const inner = engine()
  const world = makeWorld()
  const remote = hosted(inner)
  await remote.create(world)
  const waiting = remote.seal(utf8('x'))
  remote.close()
  await expect(waiting).rejects.toMatchObject({ code: 'closed' })
  await expect(remote.confirm()).rejects.toMatchObject({ code: 'closed' })
  await expect.poll(() => inner.seal(utf8('x')).catch((error) => error.code)).toBe('closed')
})

test('[LIB1] bytes that are no request are not answered, and methods that are none are not called', async () => {
  const [page, worker] = portPair()
  serveGroupEngine(worker, engine())
  const answers: unknown[] = []
  page.onmessage = ({ data }) => answers.push(data)
  for (const junk of [
    null,
    7,
    {},
    { id: 1, method: 'constructor', args: [] },
    { id: 2, method: 'seal', args: 1 },
  ]) {
    page.postMessage(junk)
  }
  page.postMessage({ id: 9, method: 'discard', args: [] })
  await expect.poll(() => answers.length).toBe(1)
  expect(answers).toEqual([{ id: 9, ok: true, result: undefined }])
})
