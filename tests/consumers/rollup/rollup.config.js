import resolve from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import typescript from '@rollup/plugin-typescript'

export default {
  input: 'src/main.tsx',
  output: { file: 'dist/main.js', format: 'es' },
  plugins: [resolve(), typescript(), terser()],
}
