import { createJobs } from 'farm-jobs'

/** The cache that all islands of a page share. */
export const jobs = createJobs()
