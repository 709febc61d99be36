import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { mantineStyles, messages } from './scripts/vite-plugins.mjs'

const here = import.meta.dirname

// Three entries, one package. Where the servers are in development comes from the environment:
// KUNDELIK_PORTAL_URL and KUNDELIK_CONSOLE_URL, as for the server itself.
export default defineConfig({
  plugins: [react(), messages(), mantineStyles()],
  resolve: { alias: { '~': resolve(here, 'src') } },
  build: {
    target: 'es2023',
    sourcemap: false,
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    rollupOptions: {
      input: {
        signup: resolve(here, 'index.html'),
        portal: resolve(here, 'portal.html'),
        console: resolve(here, 'console.html'),
      },
    },
  },
  optimizeDeps: { exclude: ['@mantine/core'], include: ['@mantine/core > clsx'] },
  server: {
    proxy: {
      '/api/console': process.env.KUNDELIK_CONSOLE_URL ?? 'http://console.localhost:8081',
      '/api': process.env.KUNDELIK_PORTAL_URL ?? 'http://portal.localhost:8080',
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setup.ts'],
    css: false,
    restoreMocks: true,
    // The machine is shared with builds.
    testTimeout: 30_000,
    server: { deps: { inline: [/@mantine/] } },
  },
})
