/** Why something on the home page did not work, as the closed list of causes that the screens word. */

export type HomeProblem =
  | 'create-refused'
  | 'too-many'
  | 'unreachable'
  | 'storage-refused'
  | 'key-unreadable'
  | 'fault'

export class HomeFailure extends Error {
  override readonly name = 'HomeError'
  readonly code: HomeProblem

  constructor(code: HomeProblem, cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}
