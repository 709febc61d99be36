// Runs every e2e/**/*.e2e.ts against the running product, one after the other, and counts.
// A file exports `walks: Walk[]`; an argument, or E2E_ONLY, narrows to files and titles that hold it.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface Walk {
  title: string
  run: () => Promise<void>
}

const wanted = process.argv[2] ?? process.env.E2E_ONLY ?? ''
let passed = 0
let failed = 0
for (const name of readdirSync(import.meta.dirname, { recursive: true }).map(String).sort()) {
  if (!name.endsWith('.e2e.ts') || name.includes('node_modules')) continue
  const { walks } = (await import(pathToFileURL(join(import.meta.dirname, name)).href)) as { walks: Walk[] }
  for (const { title, run } of walks) {
    if (!`${name} ${title}`.includes(wanted)) continue
    const begun = Date.now()
    try {
      await run()
      passed += 1
      console.log(`ok     ${name}: ${title} (${((Date.now() - begun) / 1000).toFixed(1)} s)`)
    } catch (error) {
      failed += 1
      console.error(`FAILED ${name}: ${title}\n${error instanceof Error ? error.stack : String(error)}`)
    }
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
