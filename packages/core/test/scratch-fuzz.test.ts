/* eslint-disable */
// @ts-nocheck
import { it } from 'vitest'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment, } from '@auto-refresh/core/testing'
import { settlePromises } from '../src/testing/settle-promises.ts'
import { Entries } from '../src/entries.ts'
import { RefreshPlan } from '../src/refresh-plan.ts'
import { snapshotOf } from '../src/snapshot.ts'

let curEntries, curPlan
for (const m of ['get', 'moment', 'isTerminal']) {
  const orig = Entries.prototype[m]
  Entries.prototype[m] = function (...a) { if (CAP) curEntries = this; return orig.apply(this, a) }
}
const ob = RefreshPlan.prototype.begin
RefreshPlan.prototype.begin = function (...a) { curPlan = this; return ob.apply(this, a) }
const oa = RefreshPlan.prototype.admits
RefreshPlan.prototype.admits = function (...a) { curPlan = this; return oa.apply(this, a) }
let CAP = true
globalThis.reportError = () => {}

function rng(seed) { let s = seed >>> 0 || 1; return () => { s ^= s << 13; s >>>= 0; s ^= s >>> 17; s ^= s << 5; s >>>= 0; return s / 4294967296 } }
const VIS = ['status', 'item', 'isDeleting', 'error', 'failureCount']

async function run(seed, mode) {
  const r = rng(seed * 7919 + 13); for (let i = 0; i < 5; i++) r()
  const pick = (...a) => a[Math.floor(r() * a.length)]
  const wrong = new Set()
  const log = []
  const clock = new VirtualClock(1e6)
  const env = new VirtualEnvironment()
  const ids = ['a', 'b', 'c', 'd']
  const id = () => pick(...ids)
  let budget = 60, depth = 0, calm = false
  const reent = (where) => {
    if (calm || mode === 0 || depth > 0 || budget <= 0 || r() > 0.12) return
    if (mode === 1 && (where === 'createBatches' || where === 'interval')) return
    budget--; depth++
    try { op(where) } finally { depth-- }
  }
  const timeout = pick(700, 700, 3000)
  const par = pick(1, 2, 3)
  const live = new Set()
  const calls = []
  const asked = new Map()
  const useFn = pick(true, false)
  const custom = pick(0, 0, 0, 1, 2)
  const opts = {
    parallelism: par, batchSize: pick(1, 2, 3, 10), coalesce: pick(0, .5, 1), batchWindow: pick(0, 0, 40), syncOnCreate: pick(true, true, false),
    refreshUnobserved: pick(true, true, false), missing: pick('unchanged', 'fail', 'delete'), jitter: pick(0, .1), timeout,
    rateLimit: pick(undefined, undefined, { calls: 3, per: 1000 }), maxAge: pick(Infinity, Infinity, 9000), terminalTtl: pick(Infinity, 2000, 0), gcTime: pick(Infinity, Infinity, 3000),
    capacity: pick(Infinity, Infinity, 3), retry: { maxDelay: 4000 }, random: r,
    interval: useFn ? () => { reent('interval'); const x = r(); return calm ? 1000 : x < .03 ? NaN : pick(300, 1000, 1000, 1000, 2500) } : 1000,
    isTerminal: (j) => { reent('isTerminal'); return j.done },
    equals: (a, b) => { reent('equals'); return a.step === b.step && a.done === b.done },
    clock, environment: env,
    sync: (batch, ctx) => {
      const call = { ids: batch.map((b) => b.id), at: clock.now(), done: false, n: calls.length }
      for (const l of live) for (const i of l.ids) if (call.ids.includes(i) && l.at + timeout > clock.now()) wrong.add('S3 two calls: ' + i)
      if ([...live].filter((l) => l.at + timeout > clock.now()).length >= par) wrong.add('S4 too many')
      if (new Set(call.ids).size !== call.ids.length) wrong.add('S3 twice in a batch')
      for (const b of batch) {
        const e = curEntries.get(b.id)
        if (e === undefined) { if (depth === 0 && mode === 0) wrong.add('S6 gone sent') }
        else if (mode === 0) {
          if (e.isDeleting) wrong.add('S6 deleting sent')
          if (e.item !== b.item) wrong.add('S6 item')
          if (e.status !== 'active' && !asked.get(b.id)) wrong.add('S9 ' + e.status + ' sent')
        }
      }
      if (!cache.isRunning) wrong.add('sent though stopped')
      if (!calm && (!env.isVisible() || !env.isOnline()) && !call.ids.some((i) => asked.get(i))) wrong.add('T3 sent though hidden')
      calls.push(call); live.add(call)
      log.push(`${clock.now()} call ${call.ids}`)
      reent('sync')
      const end = () => { live.delete(call) }
      const answer = () => batch.flatMap((b) => {
        const x = calm ? 1 : r()
        if (x < .05) return []
        if (x < .12) return [{ id: b.id, action: 'fail', error: 'f', retryAfter: pick(undefined, 1500) }]
        if (x < .17) return [{ id: b.id, action: 'delete' }]
        if (x < .22) return [{ id: b.id, item: { done: true, step: 0 } }]
        if (x < .5) return [{ id: b.id, item: { done: false, step: Math.floor(r() * 3) }, validator: 1 }]
        return [{ id: b.id, action: 'unchanged' }]
      })
      const x = calm ? .1 : r()
      if (x < .3) { end(); return answer() }
      if (x < .36) { end(); throw new Error('sync') }
      if (x < .42) { end(); return Promise.reject(new Error('rej')) }
      return new Promise((res, rej) => {
        call.finish = (bad) => { if (call.done) return; call.done = true; end(); if (bad) rej(new Error('late')); else res(answer()) }
        if (r() < .4) ctx.signal.addEventListener('abort', () => { reent('abort') ; if (r() < .5) call.finish(true) })
        if (calm) call.finish(false)
      })
    },
  }
  if (custom) opts.createBatches = (due) => {
    reent('createBatches')
    if (calm || custom === 1) return due.map((d) => [d])
    const x = r()
    if (x < .1) throw new Error('cb')
    if (x < .2) return []
    return due.filter(() => r() < .8).map((d) => [d])
  }
  const cache = new InMemoryAutoRefresh(opts)
  const present = new Set(); let evRun = false
  cache.onEvent((e) => {
    if (e.type === 'started') { if (evRun) wrong.add('ev started twice'); evRun = true }
    if (e.type === 'stopped') { if (!evRun) wrong.add('ev stopped twice'); evRun = false }
    if (e.type === 'created') { if (present.has(e.id)) wrong.add('ev created twice'); present.add(e.id) }
    if (e.type === 'deleted' || e.type === 'evicted') { if (!present.has(e.id)) wrong.add('ev deleted twice'); present.delete(e.id); asked.delete(e.id) }
    reent('event')
  })
  const subs = []
  const pend = []
  function op(where) {
    const x = Math.floor(r() * 24), i = id()
    log.push(`${clock.now()} ${where ?? ''} op${x} ${i}`)
    if (x <= 3) { try { cache.getOrCreate(i, { done: r() < .1, step: 0 }) } catch (e) { if (e.code !== 'CAPACITY') wrong.add('throw ' + e.message) } }
    else if (x === 4) cache.delete(i)
    else if (x === 5) cache.deleteDelayed(i)
    else if (x <= 8) {
      if (where === 'createBatches' && false) return
      const p = { state: 'pending', id: i, from: calls.length }; pend.push(p)
      if (cache.has(i) && cache.isRunning && !cache.getSnapshot(i).isDeleting) asked.set(i, true)
      cache.refresh(i).then(() => { p.state = 'ok'; if (!calls.slice(p.from).some((c) => c.ids.includes(i))) wrong.add('S8 resolved without call') }, (e) => { p.state = 'no' })
    }
    else if (x === 9) cache.update(i, { done: false, step: Math.floor(r() * 3) })
    else if (x === 10) cache.update(i, { done: true, step: 1 })
    else if (x === 11) cache.ingest([pick({ id: i, item: { done: r() < .2, step: 5 } }, { id: i, action: 'unchanged' }, { id: i, action: 'fail', error: 1, retryAfter: 500 }, { id: i, action: 'delete' })])
    else if (x <= 14) {
      const activity = r() < .6
      const s = { id: i, activity, seen: undefined, on: true }
      s.off = cache.subscribe(i, () => { if (!s.on) wrong.add('O2 after unsub'); s.seen = cache.getSnapshot(i); reent('listener'); }, { activity })
      s.seen = cache.getSnapshot(i)
      subs.push(s)
    }
    else if (x <= 16) { const k = Math.floor(r() * subs.length); const [s] = subs.splice(k, 1); if (s) { s.on = false; s.off(); cache.ingest([]) } }
    else if (x === 17) void cache.stop()
    else if (x <= 19) cache.start()
    else if (x === 20) env.setVisible(r() < .6)
    else if (x === 21) { if (!where) clock.sleep(45000) }
    else if (x === 22) { const w = [...live]; const c = w[Math.floor(r() * w.length)]; c?.finish?.(r() < .3) }
    else cache.getSnapshot(i)
  }
  const last = new Map()
  function check(settled) {
    CAP = false
    try {
      if (clock.timers > 1) wrong.add('L5 timers')
      const run = cache.isRunning
      if (env.listeners !== (run ? 1 : 0)) wrong.add('env listeners ' + env.listeners + run)
      const idset = new Set(cache.ids())
      if (settled) { if (evRun !== run) wrong.add('ev run state'); for (const i of idset) if (!present.has(i)) wrong.add('ev present'); if (idset.size !== present.size) wrong.add('ev present size') }
      let planned = 0, formed = 0
      const heaps = [curPlan?.due.first?.heap, curPlan?.urgent.first?.heap, curPlan?.removals.first?.heap]
      for (const i of idset) {
        const e = curEntries.get(i)
        if (!e) { wrong.add('harness'); continue }
        if (e.cohort) {
          if (e.cohort.heap === undefined) wrong.add('cohort without heap')
          if ([...e.cohort.members()].filter((m) => m === e).length !== 1) wrong.add('cohort membership')
          if (e.call) wrong.add('planned and in a call')
          if (heaps.includes(e.cohort.heap)) planned++; else formed++
        }
        const admitted = e.status === 'active' && !e.isDeleting && (opts.refreshUnobserved || e.subscribers !== undefined)
        if (admitted && !e.cohort && !e.call && e.interval !== Infinity) wrong.add('LOST ' + e.status)
        if (e.isDeleting && !(e.cohort && e.cohort.heap === heaps[2]) && !e.call) wrong.add('deleting lost')
        if (e.cohort && !admitted && !e.isDeleting && !asked.get(i)) wrong.add('planned though not admitted ' + e.status)
        const cached = e.snapshot
        e.snapshot = undefined
        const fresh = snapshotOf(e)
        e.snapshot = cached
        if (cached) for (const k of Object.keys(fresh)) if (!Object.is(cached[k], fresh[k])) wrong.add(`O1 stale ${k}${custom ? ' custom' : ''}`)
        if (settled) for (const s of subs) if (s.id === i) for (const k of s.activity ? Object.keys(fresh) : VIS) if (!Object.is(s.seen[k], fresh[k])) wrong.add(`O2 not told ${k} act=${s.activity}${custom ? ' custom' : ''}`)
        const l = last.get(e)
        const now = cache.getSnapshot(i)
        if (l && l !== now && Object.keys(now).every((k) => Object.is(now[k], l[k]))) wrong.add('O1 new object for nothing')
        last.set(e, now)
      }
      for (const s of subs) if (settled && !idset.has(s.id) && s.seen.status !== 'missing') wrong.add('O2 not told of missing')
      if (curPlan) { const n = curPlan.due.countDue(Infinity) + curPlan.urgent.countDue(Infinity) + curPlan.removals.countDue(Infinity); if (n !== planned) wrong.add(`double-planned ${n} ${planned}`) }
    } finally { CAP = true }
  }
  curPlan = undefined
  cache.getOrCreate('a', { done: false, step: 0 })
  if (r() < .8) cache.start()
  for (let k = 0; k < 50; k++) {
    op()
    check(false)
    if (r() < .5) { const ms = Math.floor(r() * 1500) * pick(0, 1); log.push('advance ' + ms); await clock.advance(ms); check(true) }
    for (const [i] of asked) { if (!pend.some((p) => p.id === i && p.state === 'pending')) asked.delete(i) }
    if (wrong.size) break
  }
  const w1 = wrong.size
  if (!w1) {
    calm = true
    env.setVisible(true)
    for (const l of [...live]) l.finish?.(false)
    cache.start()
    await clock.advance(20000)
    check(true)
    if (pend.some((p) => p.state === 'pending')) wrong.add('S8 pending for ever')
    for (const i of cache.ids()) {
      const e = curEntries.get(i)
      if (e.isDeleting) wrong.add('end: still deleting')
      const adm = e.status === 'active' && (opts.refreshUnobserved || e.subscribers !== undefined)
      if (adm && (e.refreshedAt === undefined || clock.now() - e.refreshedAt.now > 5500)) wrong.add(`end: stale ${e.refreshedAt?.now} ${clock.now()} ${e.interval}`)
      if (opts.gcTime < Infinity && !e.subscribers) wrong.add('end: gc')
      if (opts.terminalTtl < Infinity && e.status !== 'active') wrong.add('end: ttl')
    }
    if (cache.stats().runningCalls) wrong.add('end: running')
    for (const s of subs.splice(0)) { s.on = false; s.off() }
    for (const i of [...cache.ids()]) cache.delete(i)
    await cache.stop()
    if (clock.timers) wrong.add('end: timer')
    check(true)
  }
  return { wrong: [...wrong], log, opts, custom }
}

it('fuzz', async () => {
  const seen = new Map()
  const modes = (process.env.MODES ?? '0,1,2').split(',').map(Number)
  const from = Number(process.env.FROM ?? 1)
  const t = Date.now(); let n = 0
  for (let seed = from; Date.now() - t < Number(process.env.MS ?? 30000); seed++) for (const mode of modes) {
    n++
    let res
    try { res = await run(seed, mode) } catch (e) { res = { wrong: ['threw ' + e.stack.slice(0, 400)], log: [] } }
    for (const w of res.wrong) {
      const key = `m${mode} ${w.replace(/\d+/g, '#')}`
      const had = seen.get(key)
      if (!had) seen.set(key, { n: 1, seed, len: res.log.length, log: res.log.slice(-14), raw: w })
      else { had.n++; if (res.log.length < had.len) Object.assign(had, { seed, len: res.log.length, log: res.log.slice(-14), raw: w }) }
    }
  }
  console.log('runs', n)
  for (const [k, v] of seen) console.log(k, JSON.stringify(v, null, 0))
}, 700000)
