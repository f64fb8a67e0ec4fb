import { defineConfig } from 'vite'

export default defineConfig({
  server: {
    host: '127.0.0.1',
    port: Number(process.env['PORT'] ?? 5173),
    proxy: { '/api': process.env['BACKEND'] ?? 'http://127.0.0.1:3001' },
  },
})
