// The messages check: every language has every text with the same arguments, no Kazakh text is the Russian one,
// every id used in code exists, every id of a room is used, and each file holds only its own ids.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage'
import ts from 'typescript'
import { cataloguesOf, ENTRIES, files, LANGUAGES, LOCALES, SHARED, texts } from './catalogue.mjs'

const src = join(import.meta.dirname, '..', 'src')
const faults = []
const same = JSON.parse(readFileSync(join(LOCALES, 'same.json'), 'utf8'))

/** Names of the arguments of a compiled message, in order of the alphabet. */
function argumentsOf(tokens, found = new Set()) {
  if (!Array.isArray(tokens)) return found
  for (const token of tokens) {
    if (!Array.isArray(token)) continue
    found.add(token[0])
    for (const part of Object.values(token[2] ?? {})) argumentsOf(part, found)
  }
  return found
}

const known = new Map() // id → file
for (const file of new Set(LANGUAGES.flatMap(files))) {
  const by = Object.fromEntries(LANGUAGES.map((language) => {
    try {
      return [language, texts(language, file)]
    } catch (error) {
      faults.push(`${language}/${file}.json: ${error.message}`)
      return [language, {}]
    }
  }))
  for (const id of new Set(LANGUAGES.flatMap((language) => Object.keys(by[language])))) {
    known.set(id, file)
    if (!id.startsWith(`${file}.`)) faults.push(`${file}.json: ${id} must begin with "${file}."`)
    const shapes = LANGUAGES.map((language) => {
      const text = by[language][id]
      if (typeof text !== 'string' || text === '') return void faults.push(`${language}/${file}.json lacks ${id}`)
      try {
        return [...argumentsOf(compileMessageOrThrow(text))].sort().join(',')
      } catch (error) {
        return void faults.push(`${language}/${file}.json ${id}: ${error.message.split('\n')[0]}`)
      }
    })
    if (new Set(shapes).size > 1) faults.push(`${id}: arguments differ between languages (${shapes.join(' | ')})`)
    if (by.kk[id] === by.ru[id] && /\p{L}/u.test(by.kk[id] ?? '') && !same[id]) faults.push(`${id}: the Kazakh text is the Russian one`)
  }
}
for (const id of Object.keys(same)) if (!known.has(id)) faults.push(`same.json names ${id}, which no longer exists`)

/** Ids used in code: literals given to t(…) or standing as `id`-like strings, and prefixes of templates given to t(…). */
const used = new Set()
const prefixes = new Set()
function visit(node, file) {
  if (ts.isStringLiteralLike(node)) {
    if (known.has(node.text)) used.add(node.text)
    const parent = node.parent
    if (ts.isCallExpression(parent) && ts.isIdentifier(parent.expression) && parent.expression.text === 't') demand(node.text, file)
  }
  if (ts.isTemplateExpression(node)) {
    const called = ts.isCallExpression(node.parent) && node.parent.expression.getText() === 't'
    if (called && node.head.text) prefixes.add(node.head.text)
    if (called && ![...known.keys()].some((id) => id.startsWith(node.head.text))) faults.push(`${file}: no message begins with ${node.head.text}`)
  }
  ts.forEachChild(node, (child) => visit(child, file))
}
function demand(id, file) {
  if (!known.has(id)) return void faults.push(`${file}: there is no message ${id}`)
  const entry = ENTRIES.find((name) => file.startsWith(`${name}/`))
  if (entry && !cataloguesOf(known.get(id)).some((name) => name === entry || name === `${entry}-pages`)) faults.push(`${file}: ${id} is not loaded by ${entry}`)
}
for (const name of readdirSync(src, { recursive: true })) {
  if (!/\.tsx?$/.test(name) || /\.test\.tsx?$|\.d\.ts$/.test(name)) continue
  const path = join(src, name)
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true), relative(src, path))
}
for (const [id, file] of known) {
  if (!SHARED.has(file) && !used.has(id) && ![...prefixes].some((prefix) => id.startsWith(prefix))) faults.push(`nobody uses ${id}`)
}

if (faults.length > 0) {
  console.error(faults.join('\n'))
  console.error(`${faults.length} faults in the messages`)
  process.exit(1)
}
console.log(`${known.size} messages in ${LANGUAGES.length} languages: whole`)
