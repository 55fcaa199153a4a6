/**
 * What Janus is told before it starts: VideoRoom and WebSockets alone, with one room for one VP8 sender. Nothing that
 * would cost it more, and as an ICE-lite agent like mediasoup. Its API is on loopback; for media it passes loopback
 * over, so that it needs another address of the machine, packets to which stay within the machine all the same.
 */
import type { NetworkInterfaceInfo } from 'node:os'

export const ROOM = 1
const OTHER_PLUGINS =
  'audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail'
const OTHER_TRANSPORTS = 'http mqtt nanomsg pfunix rabbitmq'

/** An IPv4 address of this machine that is not loopback; null where there is none. */
export function mediaAddress(
  interfaces: Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>,
): string | null {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? null
}

/** Files by their names, for `--configs-folder`. */
export function janusConfig({
  folder,
  apiPort,
  address,
}: {
  folder: string
  apiPort: number
  /** For media. */
  address: string
}): Readonly<Record<string, string>> {
  const libraries = (names: string) =>
    names
      .split(' ')
      .map((name) => `libjanus_${name}.so`)
      .join(',')
  return {
    'janus.jcfg': `general: { configs_folder = "${folder}" debug_level = 2 session_timeout = 0 }
media: { ipv6 = false }
nat: { ice_lite = true ice_enforce_list = "${address}" }
plugins: { disable = "${libraries(OTHER_PLUGINS)}" }
transports: { disable = "${libraries(OTHER_TRANSPORTS)}" }
loggers: { disable = "libjanus_jsonlog.so" }
`,
    'janus.transport.websockets.jcfg': `general: { json = "compact" ws = true ws_port = ${apiPort} ws_ip = "127.0.0.1" wss = false }
admin: { admin_ws = false admin_wss = false }
`,
    'janus.plugin.videoroom.jcfg': `room-${ROOM}: {
  description = "bench" publishers = 1 bitrate = 0 fir_freq = 0 videocodec = "vp8" record = false
  audiolevel_ext = false videoorient_ext = false playoutdelay_ext = false transport_wide_cc_ext = false
}
`,
  }
}
