// House laws that a machine can keep: ui ← lib ← api ← rooms ← routes, and no room imports another room.
import { dirname, relative, resolve, sep } from 'node:path'
import a11y from 'eslint-plugin-jsx-a11y'
import hooks from 'eslint-plugin-react-hooks'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const src = resolve(import.meta.dirname, 'src')
const FLOORS = ['ui', 'lib', 'api']
const ENTRIES = ['signup', 'portal', 'console']

/** Where a file stands: its floor (ui, lib, api), or its entry and room. */
function place(file) {
  const [top, , room] = relative(src, file).split(sep)
  if (FLOORS.includes(top)) return { floor: FLOORS.indexOf(top), name: top }
  if (!ENTRIES.includes(top)) return undefined
  const inRoom = relative(src, file).split(sep)[1] === 'rooms'
  return { floor: FLOORS.length, name: top, entry: top, room: inRoom ? room : undefined }
}

/** Why the import is wrong, or nothing. */
function fault(from, to) {
  if (!from || !to) return undefined
  if (to.floor > from.floor) return `${from.name} stands below ${to.name} and must not know it`
  if (from.entry && to.entry && from.entry !== to.entry) return `${from.entry} must not import ${to.entry}: they are two entries`
  if (from.room && to.room && from.room !== to.room) return `room ${from.room} must not import room ${to.room}: what both need goes to lib, ui or the entry itself`
  return undefined
}

const directions = {
  create(context) {
    const check = (node) => {
      const source = node.source
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return
      const value = source.value
      const target = value.startsWith('~/') ? resolve(src, value.slice(2)) : value.startsWith('.') ? resolve(dirname(context.filename), value) : undefined
      const message = target && fault(place(context.filename), place(target))
      if (message) context.report({ node: source, message })
    }
    return { ImportDeclaration: check, ImportExpression: check, ExportNamedDeclaration: check, ExportAllDeclaration: check }
  },
}

export default defineConfig([
  { ignores: ['dist', 'src/api/generated', 'node_modules', 'e2e/output'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [hooks.configs.flat['recommended-latest'], a11y.flatConfigs.recommended],
    plugins: { house: { rules: { directions } } },
    rules: {
      'house/directions': 'error',
      'jsx-a11y/no-autofocus': ['error', { ignoreNonDOM: true }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration', message: 'No barrel files: import from the file that has it.' }],
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
])
