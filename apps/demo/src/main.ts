import { showCallLog } from './call-log.ts'
import { FarmClient } from './farm-client.ts'
import { showFarmTraffic } from './farm-traffic.ts'
import { wireFaultPanel } from './fault-panel.ts'
import { showFigures } from './figures-strip.ts'
import { createJobCache, isFinished } from './job-cache.ts'
import { JobWall } from './job-wall.ts'
import { Notices } from './notices.ts'
import { wireSubmitBar } from './submit-bar.ts'
import { syncJobs } from './sync-jobs.ts'
import { wireWallFilter } from './wall-filter.ts'

const farm = new FarmClient('')
const notices = new Notices(document)
const cache = createJobCache(syncJobs(''))

const wall = new JobWall(document, cache, {
  cancel: (id) => void cancel(id),
  remove: (id) => void cache.delete(id),
})

async function cancel(id: string): Promise<void> {
  try {
    const { job, version } = await farm.cancel(id)
    cache.ingest([{ id, item: job, validator: version }])
  } catch (error) {
    notices.trouble('Could not cancel', error)
  }
}

showFigures(document, cache)
showCallLog(document, cache)
showFarmTraffic(document, farm)
wireWallFilter(document)
wireSubmitBar({ root: document, farm, cache, wall, notices })
void wireFaultPanel({ root: document, farm, cache, wall, notices })

cache.start()
try {
  const jobs = (await farm.list()).jobs.map(({ job }) => job)
  wall.hang(jobs.filter(isFinished).toReversed())
  wall.hang(jobs.filter((job) => !isFinished(job)))
} catch (error) {
  notices.trouble('Could not list the jobs', error)
}
