// Which school this browser was in last. It is the browser's affair alone: no server is told.
const LAST = 'kundelik.school'

/** A school's page begins. What another school left in this tab goes first, by whichever way one came from there. */
export function arriveAt(slug: string) {
  try {
    if (sessionStorage.getItem(LAST) !== slug) sessionStorage.clear()
    sessionStorage.setItem(LAST, slug)
    localStorage.setItem(LAST, slug)
  } catch {
    return // Refused: then nothing is kept in the tab either.
  }
}

/** The school that is offered first where there are several. */
export function lastSchool(): string | null {
  try {
    return localStorage.getItem(LAST)
  } catch {
    return null
  }
}
