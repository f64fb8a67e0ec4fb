// Builds the package in the current folder: `dist` as ES modules, `dist/cjs` as CommonJS.
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const compiler = path.join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')

// Files of removed sources would otherwise be published.
rmSync('dist', { recursive: true, force: true })
for (const project of ['tsconfig.build.json', 'tsconfig.cjs.json']) {
  execFileSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' })
}
// The package has the type `module`, so this folder needs a package.json of its own.
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs", "sideEffects": false }\n')
