// What the reader may do, as the API said it. Nothing is computed here: a hidden button is a courtesy, the server decides.
export interface Permitted {
  may: string[]
}

export function may(who: Permitted | undefined, act: string): boolean {
  return who?.may.includes(act) ?? false
}
