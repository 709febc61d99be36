// A school moves in with a file: the start, or one import. Which of them stands in the address.
import { useSearch } from '@tanstack/react-router'
import { paths } from '~/portal/paths'
import { OneImport } from './OneImport'
import { Start } from './Start'

export function ImportPage() {
  const { id } = useSearch({ from: paths.import })
  return id ? <OneImport key={id} id={id} /> : <Start />
}
