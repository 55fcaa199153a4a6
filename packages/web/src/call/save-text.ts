/** Hands a short text to the browser's downloads, as a file of that name. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to read it long before.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
