import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import {defineConfig} from 'vitest/config';

// `npm run dev` serves the UI with hot reload and asks this node for everything else.
const node = process.env.MAINSPRING_SERVER ?? 'http://127.0.0.1:7070';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {alias: {'@': new URL('./src', import.meta.url).pathname}},
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the policy of the page allows files of the node alone, no data: URLs
    modulePreload: {polyfill: false},
  },
  server: {proxy: {'/api': node, '/signin': node, '/version': node}},
  test: {include: ['src/**/*.test.{ts,tsx}'], testTimeout: 60_000},
});
