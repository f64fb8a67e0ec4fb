import { wireCacheButtons } from './cache-buttons.ts'
import { showCallLog } from './call-log.ts'
import { CallRate } from './call-rate.ts'
import { FarmClient } from './farm-client.ts'
import { FarmFaults } from './farm-faults.ts'
import { FarmRate } from './farm-rate.ts'
import { showFarmTraffic } from './farm-traffic.ts'
import { wireFaultPanel } from './fault-panel.ts'
import { jobActions } from './job-actions.ts'
import { createJobCache } from './job-cache.ts'
import { INTERVAL, isFinished } from '@auto-refresh/demo-server/job'
import { JobList } from './job-list.ts'
import { KeepBusy } from './keep-busy.ts'
import { SECONDS_SHOWN, showFigures } from './live-figures.ts'
import { ItemTimers } from './naive/item-timers.ts'
import { wireNaiveSwitch } from './naive/wire-naive-switch.ts'
import { Notices } from './notices.ts'
import { ObservedValue } from './observed-value.ts'
import { OneItem } from './one-item.ts'
import { keepFocus } from './panels/keep-focus.ts'
import { wirePanels } from './panels/wire-panels.ts'
import { beQuiet } from './quiet.ts'
import { followRoute } from './route.ts'
import { wireRows } from './rows/wire-rows.ts'
import { showSharing } from './show-sharing.ts'
import { showSource } from './source-view.ts'
import { wireSubmitBar } from './submit-bar.ts'
import { syncJobs } from '@auto-refresh/demo-server/sync-jobs'
import { wireWallFilter } from './wall-filter.ts'
import { wireDevtools } from './wire-devtools.ts'
import { readWay } from './way.ts'
import { wireKeepBusy } from './wire-keep-busy.ts'

/** Of the finished jobs that the farm still has, a page shows the newest. */
const FINISHED_SHOWN = 24

const farm = new FarmClient('')
const notices = new Notices(document)
const way = readWay(location.search)
const cache = createJobCache(way, syncJobs(''))
const jobs = new JobList(cache)
const poisonedIds = new ObservedValue<ReadonlySet<string>>(new Set())
const faults = new FarmFaults(farm)
const traffic = new OneItem({ name: 'traffic', interval: 1000, ask: (signal) => farm.traffic(signal) })
const report = new OneItem({ name: 'hub', interval: 2000, ask: (signal) => farm.hub(signal) })
const actions = jobActions(farm, cache, notices)

const timerRate = new CallRate(SECONDS_SHOWN, Date.now)
const timers = new ItemTimers({ cache, ask: syncJobs('', 'timer'), interval: INTERVAL, rate: timerRate })

beQuiet(document, location.search)
showSource(document)
showFigures(document, cache, timerRate, { way, shared: new FarmRate(traffic) })
showSharing({ root: document, way, cache, traffic, report })
showCallLog(document, cache, way)
showFarmTraffic(document, traffic)
keepFocus(cache)
wireWallFilter(document)
wireCacheButtons(document, cache, notices)
wireSubmitBar({ root: document, farm, cache, jobs, notices })
wireDevtools(document, { jobs: cache, faults: faults.cache }, notices)
wireFaultPanel({ root: document, faults, cache, poisonedIds, notices })

const naive = wireNaiveSwitch(document, timers)
const panels = wirePanels(document, { cache, jobIds: jobs.ids, poisonedIds, actions }, notices)
const rows = wireRows(document, farm, notices)

const listed = listJobs()
const busy = wireKeepBusy(document, new KeepBusy({ farm, cache, jobs }), listed, notices)
// Nothing is refreshed that nobody looks at: the panels, and the rows, run their caches while they are mounted.
followRoute(document, (route) => {
  panels.show(route === 'jobs')
  naive.show(route === 'jobs')
  busy.show(route === 'jobs')
  rows.show(route === 'rows')
})

async function listJobs(): Promise<void> {
  try {
    const kept = (await farm.list()).jobs.map(({ job }) => job)
    const finished = kept.filter(isFinished).toReversed().slice(0, FINISHED_SHOWN)
    jobs.add([...kept.filter((job) => !isFinished(job)), ...finished])
  } catch (error) {
    notices.trouble('Could not list the jobs', error)
  }
}
