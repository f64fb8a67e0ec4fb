import preact from '@astrojs/preact'
import react from '@astrojs/react'
import vue from '@astrojs/vue'
import { defineConfig } from 'astro/config'

export default defineConfig({
  integrations: [react({ include: '**/react/*' }), preact({ include: '**/preact/*' }), vue()],
})
