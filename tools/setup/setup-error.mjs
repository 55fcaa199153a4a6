// Owns the one class of failure that set-up expects: it has a code, a sentence for a person and, where there is one,
// the command that mends it. Anything else that is thrown is a defect of ours and is shown with its stack.

/**
 * @typedef {'old-node' | 'unsupported-platform' | 'no-network' | 'no-permission' | 'disk-full' | 'missing-packages'
 *   | 'install-failed' | 'build-failed' | 'worker-broken' | 'missing-file' | 'bad-arguments' | 'interrupted'} SetupCode
 */

/** A failure of set-up that a person can act on. `hint` is shown on lines of its own, indented. */
export class SetupError extends Error {
  /**
   * @param {SetupCode} code
   * @param {string} message
   * @param {string} [hint]
   */
  constructor(code, message, hint) {
    super(message)
    this.name = 'SetupError'
    /** @type {SetupCode} */
    this.code = code
    this.hint = hint
  }
}

const causes = /** @type {const} */ ([
  [/ENOSPC|No space left on device|EDQUOT/i, 'disk-full', 'There is no space left on the disk.'],
  [
    /EACCES|EPERM|EROFS|Permission denied|Read-only file system/i,
    'no-permission',
    'Writing was not permitted.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network|Temporary failure resolving|Could not resolve|Unable to fetch/i,
    'no-network',
    'The network could not be reached. The first start downloads what the project needs; later ones do not.',
  ],
])

/** The end of an output without colours and stack lines. @param {string} output */
function readableTail(output) {
  const plain = output.replace(/\x1b\[[0-9;]*m/g, '').trim()
  return plain
    .split('\n')
    .filter((line) => !/^\s+at .*:\d+/.test(line))
    .slice(-15)
    .join('\n')
}

/**
 * Finds out from a failed command's output (or an error's code) why it failed.
 * @param {string} what the step, as a sentence without its stop: "Installing the dependencies failed"
 * @param {string} output
 * @param {SetupCode} otherwise the code where the output names none of the usual causes
 */
export function explainFailure(what, output, otherwise) {
  const tail = readableTail(output)
  for (const [pattern, code, sentence] of causes) {
    if (pattern.test(output)) return new SetupError(code, `${what}. ${sentence}`, tail)
  }
  return new SetupError(otherwise, `${what}.`, tail)
}

/**
 * Turns the errors that the file system throws into set-up errors; others are returned as they are.
 * @param {unknown} error
 * @param {string} what
 */
export function explainFileError(error, what) {
  if (error instanceof SetupError || !(error instanceof Error)) return error
  const code = /** @type {NodeJS.ErrnoException} */ (error).code
  if (code === undefined || !/^(ENOSPC|EDQUOT|EACCES|EPERM|EROFS)$/.test(code)) return error
  return explainFailure(what, error.message, 'install-failed')
}
