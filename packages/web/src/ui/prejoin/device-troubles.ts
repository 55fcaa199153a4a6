/**
 * What is wrong with camera and microphone, as texts to say (DEV1). Pure. One cause of both whose words name neither is
 * said once.
 */
import type { DeviceProblem, DevicesPort, DevicesView } from '../ports.ts'

export interface DeviceTroubleText {
  /** What Retry asks for again; the first one gives its sign. */
  readonly kinds: readonly ('camera' | 'microphone')[]
  readonly problem: DeviceProblem
  /** Key in the catalogues. */
  readonly text: `problem.${'camera' | 'microphone'}.${DeviceProblem}`
}

const NAMES_NEITHER: ReadonlySet<DeviceProblem> = new Set(['system-refused', 'no-https'])

export function troublesOf({ camera, microphone }: DevicesView): DeviceTroubleText[] {
  const shared = camera.problem === microphone.problem ? camera.problem : null
  if (shared !== null && NAMES_NEITHER.has(shared))
    return [{ kinds: ['camera', 'microphone'], problem: shared, text: `problem.camera.${shared}` }]
  const troubleOf = (kind: 'camera' | 'microphone', problem: DeviceProblem | null): DeviceTroubleText[] =>
    problem === null ? [] : [{ kinds: [kind], problem, text: `problem.${kind}.${problem}` }]
  return [...troubleOf('camera', camera.problem), ...troubleOf('microphone', microphone.problem)]
}

/** Asks for each of these devices again. */
export function retryAll(devices: Pick<DevicesPort, 'retry'>, kinds: DeviceTroubleText['kinds']): void {
  for (const kind of kinds) devices.retry(kind)
}
