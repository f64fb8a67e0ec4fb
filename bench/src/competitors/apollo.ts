import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client'
import { from, map } from 'rxjs'
import type { Job } from '../world/job.ts'
import type { Polling, World } from '../world/world.ts'

const QUERY = gql`
  query Job($id: Int!) {
    job(id: $id) {
      id
      state
      progress
    }
  }
`

/** One watched query per item with `pollInterval`, without deduplication and developer tools, over a link that calls the backend. */
export function competitor({ backend, subjects }: World): Polling {
  const sources = subjects.map(({ job }) => backend.source(job))
  const link = new ApolloLink(({ variables }) => {
    const source = sources[Number(variables['id'])]
    if (source === undefined) throw new Error('there is no such job')
    return from(source()).pipe(map((job) => ({ data: { job: { __typename: 'Job', ...job } } })))
  })
  const client = new ApolloClient({
    link,
    cache: new InMemoryCache(),
    queryDeduplication: false,
    devtools: { enabled: false },
  })
  let told = 0
  for (const { index, interval } of subjects) {
    client
      .watchQuery<{ job: Job }>({
        query: QUERY,
        variables: { id: index },
        pollInterval: interval,
        notifyOnNetworkStatusChange: false,
      })
      .subscribe(({ data }) => {
        if (data !== undefined) told += 1
      })
  }
  return { told: () => told }
}
