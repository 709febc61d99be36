// One key per series of attempts at the same write: a repeated click or a retry after a broken line cannot do it twice.
// The key lives until the server has answered for certain; an unclear end (no answer, 5xx) keeps it for the next try.

const open = new Map<string, string>()

async function seriesOf(request: Request): Promise<string> {
  return `${request.method} ${request.url} ${await request.clone().text()}`
}

export async function keyFor(request: Request): Promise<string> {
  const series = await seriesOf(request)
  const known = open.get(series)
  if (known) return known
  const key = crypto.randomUUID()
  open.set(series, key)
  return key
}

/** Forgets the key when the answer settles the matter. */
export function settle(key: string | null, status: number) {
  if (!key || status >= 500 || status === 0) return
  for (const [series, open_key] of open) if (open_key === key) open.delete(series)
}
