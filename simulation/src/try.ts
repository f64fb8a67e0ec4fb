import * as core from '@auto-refresh/core'
import { generate } from './generate.ts'
import { run } from './run.ts'
import { shrink } from './shrink.ts'
import { toJson } from './script.ts'
const gen = (s: number) => process.env['QUIET'] ? { ...generate(s), reactions: [null] } : generate(s)
const from = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 100)
process.on('unhandledRejection', (e) => console.log('UNHANDLED', e))
const by = new Map<string, number[]>()
let calls = 0, turns = 0
const t = performance.now()
for (let s = from; s < from + n; s++) {
  try {
    const r = await run(gen(s), core)
    calls += r.calls; turns += r.turns
    if (r.violation) { const k = r.violation.rule + ' ' + r.violation.message.replace(/"[^"]*"/g, '"x"').replace(/\d+(\.\d+)?(e[+-]?\d+)?/g, 'N').slice(0, 110); by.set(k, [...(by.get(k) ?? []), s]) }
  } catch (e) { const k = 'CRASH ' + String(e instanceof Error ? e.stack?.split('\n').slice(0,3).join('|') : e); by.set(k, [...(by.get(k) ?? []), s]) }
}
const ms = performance.now() - t
for (const [k, v] of [...by].sort((a, b) => b[1].length - a[1].length).slice(0, 40)) console.log(v.length, k, v.slice(0, 5).join())
console.log(`${n} seeds, ${(ms / n).toFixed(2)} ms each, ${(calls/n).toFixed(0)} calls, ${(turns/n).toFixed(0)} turns`)
for (const [k, seeds] of [...by].sort((a, b) => b[1].length - a[1].length).filter(([k]) => process.argv[4] && k.includes(process.argv[4]) ).slice(0, Number(process.argv[5] ?? 1))) {
  { const small = await shrink(gen(seeds[0]!), core); console.log(k, seeds[0]); console.log(JSON.stringify(JSON.parse(toJson({ ...small, steps: [] })))); for (const st of small.steps) console.log('  ', JSON.stringify(st)); if (process.env['TR']) process.env['TRACE'] = '1'; console.log(await run(small, core)); process.env['TRACE'] = '' }
}
