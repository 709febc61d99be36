// Two small plugins of the build: catalogues of messages, and Mantine's styles by the component that is used.
import { catalogue, LOCALES } from './catalogue.mjs'

/** `import messages from 'virtual:messages/<catalogue>/<language>'`: compiled. */
export function messages() {
  const prefix = 'virtual:messages/'
  return {
    name: 'kundelik-messages',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined
      const [name, language] = id.slice(prefix.length + 1).split('/')
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(catalogue(name, language)))})`
    },
    handleHotUpdate({ file, server }) {
      if (file.startsWith(LOCALES)) server.ws.send({ type: 'full-reload' })
    },
  }
}

/**
 * Every Mantine component reads its class names from `<Name>.module.mjs`. That module gets an import of the
 * component's stylesheet, so the styles follow the code: what is tree-shaken or lazy is so for CSS too.
 * The layered files are taken: our own rules win without tricks.
 */
export function mantineStyles() {
  return {
    name: 'kundelik-mantine-styles',
    enforce: 'pre',
    transform(code, id) {
      const found = /@mantine\/core\/esm\/.*\/(\w+)\.module\.mjs/.exec(id)
      if (!found) return undefined
      return { code: `import '@mantine/core/styles/${found[1]}.layer.css'\n${code}`, map: null }
    },
  }
}
