import type { NextConfig } from 'next'

const config: NextConfig = {
  // `npm run types` checks them.
  typescript: { ignoreBuildErrors: true },
}

export default config
