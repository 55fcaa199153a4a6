/**
 * Loaded into the server's process before the server: throws its garbage away when the bench asks, so that what it holds
 * can be measured, and ends it with the bench. The server does not know of it.
 */
process.on('message', () => {
  globalThis.gc?.()
  process.send?.('collected')
})
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// A server that nobody asks anything must still be able to end by itself.
process.channel?.unref()
