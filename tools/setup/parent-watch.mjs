// Loaded (--import) into what set-up starts: when the starting process has died without a word (SIGKILL, a crash), the
// started one ends too, instead of holding its port for ever.
const parent = process.ppid

setInterval(() => {
  if (process.ppid === parent) return
  process.kill(process.pid, 'SIGTERM')
}, 500).unref()
