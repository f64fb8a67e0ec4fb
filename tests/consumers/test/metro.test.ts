import { testScript } from '../src/script-suite.ts'

const build = ['npm', 'run', '--silent', 'build'] as const

testScript({
  name: 'metro',
  source: 'src',
  check: ['npm', 'run', '--silent', 'types'],
  builds: [build, [...build, '--', '--config', 'exports.config.js']],
  run: ['npm', 'run', '--silent', 'start', '--'],
})
