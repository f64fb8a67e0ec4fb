import { build } from 'esbuild'
await build({
  stdin: {
    contents: `export { generate } from '/work/core2/simulation/src/generate/index.ts'; export { run } from '/work/core2/simulation/src/run.ts'; export { seeded } from '/work/core2/simulation/src/seeded/index.ts'; export { buildSubject } from '/work/core2/simulation/src/subject-build.ts'`,
    resolveDir: '/work/core2/simulation',
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['esbuild'],
  outfile: '/work/core2/simulation/dist/tlib.mjs',
  logLevel: 'error',
})
const { generate, run, seeded, buildSubject } = await import('/work/core2/simulation/dist/tlib.mjs')
await buildSubject('/work/core2', '/tmp/clean.mjs')
const clean = await import('/tmp/clean.mjs')
for (const name of process.argv.slice(2)) {
  await buildSubject(
    '/work/core2',
    `/tmp/b-${name}.mjs`,
    seeded.find((b) => b.name === name),
  )
  const subject = await import(`/tmp/b-${name}.mjs`)
  let found,
    fields = 0
  for (let seed = 1; seed <= 1000 && !found; seed++) {
    const s = generate(seed)
    if (s.kind !== 'field') continue
    fields++
    const r = await run(s, subject)
    if (r.violation && !(await run(s, clean)).violation)
      found = seed + ' ' + r.violation.rule + ' ' + r.violation.message.slice(0, 100)
  }
  console.log(name, found ?? 'MISSED', fields)
}
