import { JobList, type Job } from './job-list'

// Renders at each request, because the states change.
export const dynamic = 'force-dynamic'

/** A server component: it fetches, and hands the items to the client component. */
export default async function Page() {
  const response = await fetch(`${process.env['BACKEND'] ?? 'http://127.0.0.1:3001'}/api/jobs`)
  const listed: readonly (Job & { readonly id: string })[] = await response.json()
  return (
    <main>
      <h1>Jobs</h1>
      <JobList listed={listed} />
    </main>
  )
}
