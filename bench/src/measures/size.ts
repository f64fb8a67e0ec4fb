import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Numbers } from './refresh.ts'

interface Program {
  readonly code: string
  /** Packages that the application has anyway, which are not counted. */
  readonly external: readonly string[]
}

const FRAMEWORKS = ['react', 'react-dom', 'vue', 'preact', 'preact/hooks']
const HOOKS = 'useAutoRefreshItem, useAutoRefreshItems, useAutoRefreshIds, useAutoRefreshStatus'

function program(code: string, ...external: string[]): Program {
  return { code, external: [...FRAMEWORKS, ...external] }
}

export const PROGRAMS = {
  'auto-refresh': program(`export { InMemoryAutoRefresh } from '@auto-refresh/core'`),
  'auto-refresh, React adapter': program(
    `export { ${HOOKS} } from '@auto-refresh/react'`,
    '@auto-refresh/core',
  ),
  'auto-refresh, Vue adapter': program(`export { ${HOOKS} } from '@auto-refresh/vue'`, '@auto-refresh/core'),
  'auto-refresh, Preact adapter': program(
    `export { ${HOOKS} } from '@auto-refresh/preact'`,
    '@auto-refresh/core',
  ),
  'auto-refresh with React': program(
    `export { InMemoryAutoRefresh } from '@auto-refresh/core'\nexport { useAutoRefreshItem } from '@auto-refresh/react'`,
  ),
  'query-core': program(`export { QueryClient, QueryObserver } from '@tanstack/query-core'`),
  'react-query': program(
    `export { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'`,
  ),
  SWR: program(`export { default } from 'swr'`),
  'RTK Query': program(
    `export { configureStore } from '@reduxjs/toolkit'\nexport { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query'`,
  ),
  Apollo: program(`export { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client'`),
  'Colada with auto-refetch': program(
    `export { PiniaColada, useQuery } from '@pinia/colada'\nexport * from '@pinia/colada-plugin-auto-refetch'`,
    'pinia',
  ),
} as const

export type ProgramName = keyof typeof PROGRAMS

/** Bytes of a program, minified by esbuild, gzipped at level 9. */
export async function measureSize(name: ProgramName): Promise<Numbers> {
  const { code, external } = PROGRAMS[name]
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
    legalComments: 'none',
    external: [...external],
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const [written] = outputFiles
  if (written === undefined) throw new Error('esbuild built nothing')
  return { bytes: gzipSync(written.contents, { level: 9 }).length }
}
