// The three specs in docs/openapi become types in src/api/generated. Types only: nothing of this is shipped.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'

const specs = join(import.meta.dirname, '..', '..', '..', 'docs', 'openapi')
const out = join(import.meta.dirname, '..', 'src', 'api', 'generated')
mkdirSync(out, { recursive: true })
for (const name of ['signup', 'portal', 'console']) {
  const spec = JSON.parse(readFileSync(join(specs, `${name}.json`), 'utf8'))
  const text = `// Made from docs/openapi/${name}.json by npm run generate.\n${astToString(await openapiTS(spec))}`
  writeFileSync(join(out, `${name}.d.ts`), text)
}
