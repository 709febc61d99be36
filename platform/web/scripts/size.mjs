// What the first load of a page weighs as transferred (brotli): its entry's scripts and styles, everything they import,
// one language's words, and the lazy chunks of the page itself. Prints them beside their budgets; with --strict it fails when one is over.
// With --json it prints which files each page needs instead, for `make bench`, which fetches them from the server.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const dist = join(import.meta.dirname, '..', 'dist')
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'))

/** page → entry, lazy modules that it needs at once (by source path), budget in kB of 1000 bytes */
const PAGES = [
  ['sign-in', 'index.html', ['src/signup/rooms/session/SignInPage.tsx'], 120],
  ['guardian', 'portal.html', ['src/portal/rooms/desk/FamilyPage.tsx', 'src/portal/rooms/desk/DeskPage.tsx'], 180],
  ['journal', 'portal.html', ['src/portal/rooms/journal/JournalPage.tsx'], 220],
  ['console', 'console.html', ['src/console/rooms/desk/DeskPage.tsx'], 220],
]

function packed(file) {
  const path = join(dist, file)
  return statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size
}

function closure(key, files = new Set(), seen = new Set()) {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return files
  seen.add(key)
  files.add(chunk.file)
  for (const style of chunk.css ?? []) files.add(style)
  for (const next of chunk.imports ?? []) closure(next, files, seen)
  return files
}

let over = false
const needed = []
const say = process.argv.includes('--json') ? () => {} : console.log
for (const [page, entry, lazy, budget] of PAGES) {
  const words = Object.keys(manifest).filter((key) => key.includes(`virtual:messages/${entry === 'index.html' ? 'signup' : entry.replace('.html', '')}/`))
  const heaviest = words.sort((left, right) => packed(manifest[right].file) - packed(manifest[left].file))[0]
  const files = new Set()
  for (const key of [entry, ...lazy, heaviest]) if (key) closure(key, files)
  const sum = (ending) => [...files].filter((file) => file.endsWith(ending)).reduce((bytes, file) => bytes + packed(file), 0)
  const [scripts, styles] = [sum('.js'), sum('.css')]
  const bytes = scripts + styles
  needed.push({ page, budget, files: [...files] })
  over ||= bytes > budget * 1000
  say(`${page.padEnd(10)} ${String(bytes).padStart(7)} bytes (js ${scripts}, css ${styles}) of ${budget} 000${bytes > budget * 1000 ? '  OVER' : ''}`)
  if (process.argv.includes('--files')) for (const file of files) say(`  ${String(packed(file)).padStart(7)} ${file}`)
}
const total = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.br')).reduce((bytes, name) => bytes + packed(`assets/${name.slice(0, -3)}`), 0)
say(`all assets ${total} bytes`)
if (process.argv.includes('--json')) console.log(JSON.stringify(needed))
if (over && process.argv.includes('--strict')) process.exit(1)
