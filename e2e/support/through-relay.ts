/** Leads one page's media through a relay of the fault lab: the server's UDP addresses get the relay's port, TCP falls away. */
import type { TestPage } from './browsers.ts'

/** In the page, before its scripts. */
function rewriteCandidates(port: number): void {
  const Native = RTCPeerConnection
  window.RTCPeerConnection = class extends Native {
    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const lines = (description.sdp ?? '').split('\r\n')
      const led = lines
        .filter((line) => !/^a=candidate:.* tcp /i.test(line))
        .map((line) => line.replace(/^(a=candidate:\S+ \S+ udp \S+ \S+) \d+ /i, `$1 ${port} `))
      return super.setRemoteDescription({ type: description.type, sdp: led.join('\r\n') })
    }
  }
}

/** To be called before the page is opened. */
export const leadThrough = (page: TestPage, relayPort: number): Promise<void> =>
  page.beforeScripts(rewriteCandidates, relayPort)
