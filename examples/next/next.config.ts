import type { NextConfig } from 'next'

const backend = process.env['BACKEND'] ?? 'http://127.0.0.1:3001'

const config: NextConfig = {
  devIndicators: false,
  rewrites: () => Promise.resolve([{ source: '/api/:path*', destination: `${backend}/api/:path*` }]),
}

export default config
