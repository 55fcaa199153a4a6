/** A participant's socket of which every text is kept: what the server of a recorded meeting is told and says (SEE1). */
import type { Socket } from '@huisclos/participant'
import type { WireFrame } from './check-wire.ts'

/** The same socket, with a copy of each text. */
export function recordedSocket(
  inner: Socket,
  frame: (from: WireFrame['from'], text: string) => void,
): Socket {
  const outer: Socket = {
    send: (text) => {
      frame('client', text)
      inner.send(text)
    },
    close: () => inner.close(),
    get bufferedAmount() {
      return inner.bufferedAmount
    },
    onopen: null,
    onmessage: null,
    onclose: null,
  }
  inner.onopen = () => outer.onopen?.()
  inner.onmessage = (text) => {
    frame('server', text)
    outer.onmessage?.(text)
  }
  inner.onclose = () => outer.onclose?.()
  return outer
}
