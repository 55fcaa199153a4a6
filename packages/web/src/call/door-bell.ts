/** Makes a knock heard: a sound on the chosen speaker, and a notification where the tab is hidden (HOST8). */
import type { NoticePermission } from '../platform/knock-notice.ts'
import type { DoorBellPort } from '../ui/ports.ts'
import { Snapshot } from './snapshot.ts'

export interface DoorBellPorts {
  permission(): NoticePermission
  ask(): Promise<NoticePermission>
  notify(text: string): void
  /** Never rejects. */
  sound(): Promise<void>
  isHidden(): boolean
}

export class DoorBell extends Snapshot<{ readonly notices: NoticePermission }> implements DoorBellPort {
  readonly #ports: DoorBellPorts

  constructor(ports: DoorBellPorts) {
    super({ notices: ports.permission() })
    this.#ports = ports
  }

  ask = (): void => void this.#ports.ask().then((notices) => this.set({ notices }))

  ring = (text: string): void => {
    void this.#ports.sound()
    if (this.#ports.isHidden()) this.#ports.notify(text)
  }
}
