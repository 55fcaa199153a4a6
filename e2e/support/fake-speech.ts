/**
 * A recogniser for pages of a browser that has none: stands where the browser's own would (the page's global
 * `SpeechRecognition`), keeps to the contract of the Web Speech API, and hears what the test tells it to.
 */

/** In the page, before its scripts. */
export function installFakeSpeech(): void {
  const made: FakeRecogniser[] = []
  class FakeRecogniser extends EventTarget {
    static available = async ({ processLocally }: { processLocally: boolean }) =>
      processLocally ? 'available' : 'unavailable'
    static install = async () => true
    lang = ''
    continuous = false
    interimResults = false
    track: MediaStreamTrack | null = null
    #local = false
    get processLocally() {
      return this.#local
    }
    set processLocally(local: boolean) {
      this.#local = local
    }
    start(track: MediaStreamTrack) {
      this.track = track
      made.push(this)
    }
    abort() {
      this.track = null
    }
  }
  const hear = (text: string, isFinal: boolean): boolean => {
    const recogniser = made.at(-1)
    if (!recogniser?.track || !recogniser.processLocally) return false
    const results = [{ 0: { transcript: text }, isFinal }]
    return recogniser.dispatchEvent(Object.assign(new Event('result'), { resultIndex: 0, results }))
  }
  Object.assign(window, { SpeechRecognition: FakeRecogniser, fakeSpeechHears: hear })
}

/** In the page: the recogniser hears this; false while none listens on the device. */
export const speechHears = (text: string, isFinal: boolean): boolean =>
  (window as unknown as { fakeSpeechHears: (text: string, isFinal: boolean) => boolean }).fakeSpeechHears(
    text,
    isFinal,
  )
