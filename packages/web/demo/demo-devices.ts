/** Devices that are fixtures: lists with long names, a level that moves, and any problem one asks for. */
import type { CaptureView, DeviceProblem, DevicesPort, DevicesView } from '../src/ui/ports.ts'
import { demoStore } from './demo-store.ts'
import { paintedTrack } from './painted-track.ts'

export interface DemoDevicesWish {
  cameraProblem?: DeviceProblem
  microphoneProblem?: DeviceProblem
  cameraOn?: boolean
  microphoneOn?: boolean
  blur?: boolean
  companion?: boolean
  hint?: DevicesView['hint']
}

const capture = (on: boolean, problem: DeviceProblem | undefined): CaptureView => ({
  on,
  state: problem !== undefined ? 'failed' : on ? 'live' : 'off',
  problem: problem ?? null,
})

export function demoDevices(wish: DemoDevicesWish = {}): DevicesPort {
  const camera = capture(wish.cameraOn ?? wish.cameraProblem === undefined, wish.cameraProblem)
  const own = paintedTrack(0)
  const store = demoStore<DevicesView>({
    microphone: capture(wish.microphoneOn ?? wish.microphoneProblem === undefined, wish.microphoneProblem),
    camera,
    cameraTrack: camera.on ? own : null,
    options: {
      microphone: [
        { id: 'm1', label: 'Headset Microphone (Plantronics Voyager Focus 2)', group: 'h' },
        { id: 'm2', label: 'Built-in Audio Analog Stereo', group: 'b' },
      ],
      camera: [{ id: 'c1', label: 'Logitech BRIO (046d:085e)', group: 'c' }],
      speaker: [{ id: 's1', label: 'Headset Earphone (Plantronics Voyager Focus 2)', group: 'h' }],
    },
    chosen: { microphone: 'm1', camera: 'c1', speaker: 's1' },
    inUse: { microphone: 'm1', camera: 'c1', speaker: 's1' },
    speakerSelectable: true,
    noiseSuppression: true,
    backgroundBlur: wish.blur ?? null,
    companion: wish.companion ?? false,
    hint: wish.hint ?? null,
  })
  return {
    get view() {
      return store.view
    },
    subscribe: (changed) => store.subscribe(changed),
    setOn(kind, on) {
      store.change({
        [kind]: capture(on, undefined),
        ...(kind === 'camera' ? { cameraTrack: on ? own : null } : {}),
      })
    },
    choose: (kind, id) =>
      store.change({
        chosen: { ...store.view.chosen, [kind]: id },
        inUse: { ...store.view.inUse, [kind]: id },
      }),
    setNoiseSuppression: (noiseSuppression) => store.change({ noiseSuppression }),
    setBackgroundBlur: (backgroundBlur) => store.change({ backgroundBlur }),
    retry: (kind) => store.change({ [kind]: capture(true, undefined) }),
    testSpeaker: () => new Promise((resolve) => setTimeout(resolve, 900)),
    dismissHint: () => store.change({ hint: null }),
    takeOffer: () => store.change({ hint: null }),
    onLevel(heard) {
      const timer = setInterval(() => heard(0.55 + Math.sin(performance.now() / 300) * 0.1), 100)
      return () => clearInterval(timer)
    },
  }
}
