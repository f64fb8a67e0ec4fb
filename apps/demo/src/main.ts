import { showCallLog } from './call-log.ts'
import { CallRate } from './call-rate.ts'
import { FarmClient } from './farm-client.ts'
import { showFarmTraffic } from './farm-traffic.ts'
import { wireFaultPanel } from './fault-panel.ts'
import { SECONDS_SHOWN, showFigures } from './figures-strip.ts'
import { jobActions } from './job-actions.ts'
import { createJobCache, INTERVAL, isFinished } from './job-cache.ts'
import { JobList } from './job-list.ts'
import { ItemTimers } from './naive/item-timers.ts'
import { wireNaiveSwitch } from './naive/wire-naive-switch.ts'
import { Notices } from './notices.ts'
import { ObservedValue } from './observed-value.ts'
import { keepFocus } from './panels/keep-focus.ts'
import { wirePanels } from './panels/wire-panels.ts'
import { followRoute } from './route.ts'
import { wireRows } from './rows/wire-rows.ts'
import { wireSubmitBar } from './submit-bar.ts'
import { syncJobs } from './sync-jobs.ts'
import { wireWallFilter } from './wall-filter.ts'

const farm = new FarmClient('')
const notices = new Notices(document)
const cache = createJobCache(syncJobs(''))
const jobs = new JobList(cache)
const poisonedIds = new ObservedValue<ReadonlySet<string>>(new Set())
const actions = jobActions(farm, cache, notices)

const timerRate = new CallRate(SECONDS_SHOWN, Date.now)
const timers = new ItemTimers({ cache, ask: syncJobs('', 'timer'), interval: INTERVAL, rate: timerRate })

showFigures(document, cache, timerRate)
showCallLog(document, cache)
showFarmTraffic(document, farm)
keepFocus(cache)
wireWallFilter(document)
wireSubmitBar({ root: document, farm, cache, jobs, notices })
void wireFaultPanel({ root: document, farm, cache, poisonedIds, notices })

const naive = wireNaiveSwitch(document, timers)
const panels = wirePanels(document, { cache, jobIds: jobs.ids, poisonedIds, actions }, notices)
const rows = wireRows(document, farm, notices)
// Nothing is refreshed that nobody looks at: the panels, and the rows, run their caches while they are mounted.
followRoute(document, (route) => {
  panels.show(route === 'jobs')
  naive.show(route === 'jobs')
  rows.show(route === 'rows')
})

try {
  const kept = (await farm.list()).jobs.map(({ job }) => job)
  const finished = kept.filter(isFinished).toReversed()
  jobs.add([...kept.filter((job) => !isFinished(job)), ...finished])
} catch (error) {
  notices.trouble('Could not list the jobs', error)
}
