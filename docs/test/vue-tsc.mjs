// `vue-tsc` with the TypeScript of this workspace: it needs the one that is written in JavaScript.
import { createRequire } from 'node:module'
import { run } from 'vue-tsc'

run(createRequire(import.meta.url).resolve('typescript/lib/tsc'))
