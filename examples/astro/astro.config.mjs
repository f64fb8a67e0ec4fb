import react from '@astrojs/react'
import { defineConfig } from 'astro/config'

export default defineConfig({
  integrations: [react()],
  devToolbar: { enabled: false },
  server: { host: '127.0.0.1', port: Number(process.env.PORT ?? 4321) },
  vite: { server: { proxy: { '/api': process.env.BACKEND ?? 'http://127.0.0.1:3001' } } },
})
