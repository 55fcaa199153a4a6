/**
 * A process that records into a folder until it is killed: `node crash-writer.ts FOLDER`. Each packet holds its number and
 * the moment at which the recording was given it, so that whoever reads can say what is missing.
 */
import { folderStore, nativeSha256 } from '../node/index.ts'
import { startRecording } from '../write/recording-writer.ts'
import { describeStream, RECORDING } from './small-recording.ts'

const PACKETS_PER_TURN = 4
const TURN_MS = 5

const [folder] = process.argv.slice(2)
if (!folder) throw new Error('which folder?')

const writer = startRecording(
  {
    store: folderStore(folder),
    sha256: nativeSha256,
    now: () => performance.timeOrigin + performance.now(),
    // Rotates often, so that kills hit the change from one segment to the next as well.
    limits: { segmentBytes: 400_000, reserveBytes: 0 },
  },
  RECORDING,
)
const stream = writer.openStream(describeStream(1)) ?? 0
let number = 0

function give(): void {
  for (let count = 0; count < PACKETS_PER_TURN; count += 1) {
    const packet = Buffer.alloc(1_000, number & 0xff)
    packet.writeUInt32BE(number, 0)
    packet.writeDoubleBE(performance.timeOrigin + performance.now(), 4)
    writer.rtp(stream, packet)
    number += 1
  }
}

setInterval(give, TURN_MS)
process.stdout.write('recording\n')
