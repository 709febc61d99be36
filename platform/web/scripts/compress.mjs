// After the build: each text file of dist/ gets its .br and .gz beside it, where that saves anything.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = join(import.meta.dirname, '..', 'dist')
for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name)
  if (!statSync(path).isFile() || !/\.(html|js|css|svg|json|txt|webmanifest)$/.test(name)) continue
  const raw = readFileSync(path)
  const best = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length }
  for (const [ending, packed] of [['br', brotliCompressSync(raw, { params: best })], ['gz', gzipSync(raw, { level: 9 })]]) {
    if (packed.length < raw.length) writeFileSync(`${path}.${ending}`, packed)
  }
}
