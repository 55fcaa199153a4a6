/**
 * The one dedicated frame worker (FRM3): takes encoded frames from the browser's transforms, hands their bytes to the
 * frame engine and passes on what comes back. A frame for which nothing comes back is dropped (FRM2). Sends no message
 * per frame and derives no key per frame.
 */
import { FrameEngine } from './frame-engine.ts'
import type { FromFrameWorker, ToFrameWorker, TransformRole } from './frame-messages.ts'
import { frameTransform } from './frame-transform.ts'
import { askOwnKeyFrame } from './recording/own-key-frame.ts'
import { RecordingEar } from './recording/recording-ear.ts'

type EncodedFrame = RTCEncodedVideoFrame | RTCEncodedAudioFrame
type Transformed = Promise<Uint8Array<ArrayBuffer> | null>

const tell = (message: FromFrameWorker): void => self.postMessage(message)
const tellFault = () => tell({ t: 'fault' })
const engine = new FrameEngine({ now: () => performance.now(), tell })
/** The transformers of streams that have not ended. */
const held = new Set<RTCRtpScriptTransformer>()

/** VP8 and VP9 key frames; audio has none. */
const isKeyFrame = (frame: EncodedFrame): boolean => 'type' in frame && frame.type === 'key'

if (__BENCH_CLEAR__) console.warn('huisclos-bench-clear: this build does not encrypt frames')

const ear = new RecordingEar(() => performance.timeOrigin + performance.now())

function transformer(role: TransformRole): (frame: EncodedFrame) => Transformed {
  if (role.role === 'send') {
    return async (frame) => {
      const clear = new Uint8Array(frame.data)
      const heard = ear.hear(frame, role.codec, isKeyFrame(frame))
      const sealed = await engine.seal(role.stream, role.codec, role.kind, clear)
      // What is not sent, as while one is muted, is not recorded either.
      if (sealed) heard?.own(role, clear)
      return sealed
    }
  }
  return async (frame) => {
    const heard = ear.hear(frame, role.codec, isKeyFrame(frame))
    const sender = engine.senderOf(role.consumer)
    const opened = await engine.open(role.consumer, role.codec, new Uint8Array(frame.data), isKeyFrame(frame))
    if (opened && sender) heard?.of(sender, opened)
    return opened
  }
}

/** Resolves when the stream has ended, for whatever reason. */
async function pump(role: TransformRole, readable: ReadableStream, writable: WritableStream): Promise<void> {
  if (role.role === 'send') {
    engine.addStream(role.stream, role.packetBytes).catch(tellFault)
    engine.pause(role.stream, role.paused)
  }
  // The control of the bench and of the wire scan, never what people use.
  const each = __BENCH_CLEAR__ ? {} : frameTransform(transformer(role), tellFault)
  // Ends with an error when the page closes the transport, too: that is no fault, and one of ours was told already.
  await readable
    .pipeThrough(new TransformStream<EncodedFrame, EncodedFrame>(each))
    .pipeTo(writable)
    .catch(() => undefined)
}

function handle(message: ToFrameWorker): void | Promise<void> {
  switch (message.t) {
    case 'install':
      return engine.installEpoch(message)
    case 'strike':
      return engine.strikeEpoch(message.epoch)
    case 'send-with':
      return engine.sendWith(message.epoch, message.leaf)
    case 'stop-sending':
      return engine.stopSending()
    case 'pause':
      return engine.pause(message.stream, message.paused)
    case 'end-stream':
      return engine.endStream(message.stream)
    case 'announce':
      return engine.announce(message.consumer, message.sender)
    case 'drop':
      return engine.drop(message.consumer)
    case 'counters':
      return tell({ t: 'counters', ask: message.ask, counters: engine.counters() })
    case 'heard':
      return tell({ t: 'heard', ask: message.ask, heard: engine.heardCounters() })
    case 'streams':
      return pump(message.transform, message.readable, message.writable)
    case 'record':
      return ear.listen(message.port)
    case 'record-only':
      return ear.only(message.leaves, message.own)
    case 'key-frame':
      return askOwnKeyFrame(held, message.source, tell)
    case 'suspend':
      return engine.suspend()
    case 'clear':
      return engine.clear()
  }
}

self.addEventListener('message', (event: MessageEvent<ToFrameWorker>) => {
  // Keys that cannot be installed must not leave older ones in use: stop, and let the page begin again.
  const failed = () => {
    engine.stopSending()
    tellFault()
  }
  try {
    Promise.resolve(handle(event.data)).catch(failed)
  } catch {
    failed()
  }
})

self.addEventListener('rtctransform', (event) => {
  const { transformer } = event as RTCTransformEvent
  const role = transformer.options as TransformRole
  // Chromium connects it to its sender or receiver some turns from now and refers to it weakly until then: collected
  // in between, it would never carry a frame.
  held.add(transformer)
  void pump(role, transformer.readable, transformer.writable)
    .catch(tellFault)
    .finally(() => held.delete(transformer))
})

setInterval(() => engine.tick(), 1_000)
