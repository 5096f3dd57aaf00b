/** As long as a browser may take to begin to read. */
const readingMs = 10_000

/** Makes the browser save a text as a file. */
export function downloadText({ name, text, type }: { name: string; text: string; type: string }) {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), readingMs)
}
