// Owns what set-up shows while it works: one line per step with the time it took, and how far the step is. Everything
// goes to stderr, so that what a command prints on stdout stays its own.

const tty = process.stderr.isTTY === true
const everyMs = tty ? 200 : 15_000

/** @param {number} ms */
export function formatDuration(ms) {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/**
 * Runs one step and shows its name, how far it is and the time it took.
 * @template T
 * @param {string} name
 * @param {(report: (state: string) => void) => Promise<T>} work calls `report('12 of 258 files')` as it goes
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const started = performance.now()
  let state = ''
  const show = () => {
    const line = `  … ${name}${state ? `: ${state}` : ''} (${formatDuration(performance.now() - started)})`
    process.stderr.write(tty ? `\r\x1b[2K${line}` : `${line}\n`)
  }
  if (tty) show()
  else say(`  … ${name}`)
  const timer = setInterval(show, everyMs)
  const end = (/** @type {string} */ mark) => {
    clearInterval(timer)
    process.stderr.write(
      `${tty ? '\r\x1b[2K' : ''}  ${mark} ${name} (${formatDuration(performance.now() - started)})\n`,
    )
  }
  try {
    const result = await work((next) => {
      state = next
    })
    end('✓')
    return result
  } catch (error) {
    end('✗')
    throw error
  }
}
