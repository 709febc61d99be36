// A paper that the server answered with, to the reader's downloads.

/** Saves it under the name that the server gave it, or else under `fallback`. */
export function savePaper(data: unknown, response: Response, fallback: string) {
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? fallback
  const type = response.headers.get('content-type') ?? 'application/pdf'
  const url = URL.createObjectURL(new Blob([data as BlobPart], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  // The download reads it after this turn of the loop.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
