import { defineConfig, type Plugin } from 'vite'
import manifest from './package.json' with { type: 'json' }

/** Where `npm run dev` finds the farm: start it with `npm start -w @auto-refresh/demo-server`. */
const FARM = 'http://127.0.0.1:3000'

/** The repository's address, as `scripts/set-repository.mjs` writes it into the manifest. */
const REPOSITORY = manifest.homepage.replace(/\/tree\/.*/, '')

const links: Plugin = {
  name: 'repository-links',
  transformIndexHtml: (html) => html.replaceAll('%REPOSITORY%', REPOSITORY),
}

export default defineConfig({
  plugins: [links],
  // Parts of Vue that are not used need not be loaded.
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  server: { proxy: { '/api': FARM, '/hub': FARM } },
  build: {
    target: 'baseline-widely-available',
    sourcemap: true,
    // The React adapter says 'use client', to those who render on a server. There is none here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
})
