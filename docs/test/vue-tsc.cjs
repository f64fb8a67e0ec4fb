// `vue-tsc` with the TypeScript of this workspace: it needs the one that is written in JavaScript.
require('vue-tsc').run(require.resolve('typescript/lib/tsc'))
