import { setTimeout as sleep } from 'node:timers/promises'
import { nodeSubject } from './node-subject.ts'
const s = nodeSubject(10_000, false)
await s.start()
const out: string[] = []
for (let i = 0; i < 28; i++) {
  await sleep(5000)
  const b = await s.heap()
  const r = await s.report()
  out.push(
    `${i * 5 + 5}s ${(b / 1e6).toFixed(2)}MB size ${r.size} subs ${r.subscribers} turned ${r.turned} held ${r.held.length}`,
  )
  console.log(out.at(-1))
}
await s.stop()
process.exit(0)
