// A date in an address is written as on the wire. What is not such a date is no date.

export function parseWireDate(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined
  const instant = new Date(`${value}T00:00:00Z`)
  return Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== value ? undefined : value
}
