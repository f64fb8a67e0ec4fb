// node run.js http://127.0.0.1:3000: runs the bundle as a device would, as a script.
const { readFileSync } = require('node:fs')
const { runInThisContext } = require('node:vm')

globalThis.FARM = process.argv[2]
runInThisContext(readFileSync('bundle.js', 'utf8'))
