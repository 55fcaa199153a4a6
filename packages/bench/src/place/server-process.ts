/** The process of server-apart.ts: the whole real server with one room, which ends with the bench. */
import { encodeLink } from '@huisclos/crypto/link'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'

const place = await startMeetingPlace({ workers: 1 })
process.on('disconnect', () => void place.close().finally(() => process.exit()))
process.send?.({
  url: place.server.url,
  link: encodeLink(place.server.url, place.link),
  workers: place.server.workerPids(),
})
