// Says of `dist/cjs` in the current package that it is CommonJS, because the package itself is of type `module`.
import { writeFileSync } from 'node:fs'

writeFileSync('dist/cjs/package.json', '{ "type": "commonjs", "sideEffects": false }\n')
