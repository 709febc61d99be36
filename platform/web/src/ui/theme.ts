// The look: one accent colour, system fonts, contrasts of WCAG AA in light and dark. Two densities of one theme.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple, type MantineThemeOverride } from '@mantine/core'

const accent: MantineColorsTuple = [
  '#e8f4f8',
  '#d3e8f0',
  '#a5d0e0',
  '#75b7d0',
  '#4ea2c2',
  '#2f90b6',
  '#17789e',
  '#0a6e93',
  '#05678a',
  '#00506e',
]

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif, "Apple Color Emoji", "Segoe UI Emoji"'

function theme(size: 'sm' | 'md'): MantineThemeOverride {
  const sized = { defaultProps: { size } }
  return createTheme({
    colors: { accent },
    primaryColor: 'accent',
    primaryShade: { light: 8, dark: 6 },
    fontFamily: FONT,
    fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "Liberation Mono", Consolas, monospace',
    headings: {
      fontWeight: '650',
      sizes: {
        h1: { fontSize: '1.625rem', lineHeight: '1.25' },
        h2: { fontSize: '1.25rem', lineHeight: '1.3' },
        h3: { fontSize: '1.0625rem', lineHeight: '1.35' },
      },
    },
    lineHeights: { md: '1.5', sm: '1.45' },
    defaultRadius: 'sm',
    cursorType: 'pointer',
    respectReducedMotion: true,
    focusRing: 'auto',
    components: {
      // Yellow on yellow is not read: only red is dark enough for words.
      Alert: {
        styles: (_theme: unknown, { color }: { color?: string }) => (color === 'red' ? {} : { title: { color: 'var(--mantine-color-text)' } }),
      },
      Button: sized,
      TextInput: sized,
      PasswordInput: sized,
      NumberInput: sized,
      Textarea: sized,
      Select: sized,
      MultiSelect: sized,
      NativeSelect: sized,
      Checkbox: sized,
      Radio: sized,
      Table: { defaultProps: { fz: 'sm', verticalSpacing: size === 'sm' ? 6 : 'xs' } },
    },
  })
}

/** 16 px: the public site and families. */
export const familyTheme = theme('md')
/** 14 px, tight rows: staff and operators. */
export const staffTheme = theme('sm')

/** Where the library's greys and reds miss 4.5 : 1. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#545b63',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-placeholder': '#6b7280',
    '--mantine-color-red-light': '#fcefee',
    '--mantine-color-red-light-color': '#8f1d16',
    '--mantine-color-anchor': '#05678a',
    '--k-line': '#dfe3e7',
    '--k-hover': '#f2f5f7',
    '--k-good': '#1b6e3c',
  },
  dark: {
    '--mantine-color-dimmed': '#b4bac1',
    '--mantine-color-error': '#ff9a93',
    '--mantine-color-placeholder': '#9aa1a9',
    '--mantine-color-red-light': '#3b2524',
    '--mantine-color-red-light-color': '#ffb4ae',
    '--mantine-color-anchor': '#75b7d0',
    '--k-line': '#3b4046',
    '--k-hover': '#2f3338',
    '--k-good': '#7ed6a0',
  },
})
