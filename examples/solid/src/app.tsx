import { useAutoRefreshItem, useAutoRefreshStatus } from '@auto-refresh/solid'
import { createSignal, For, Match, onMount, Show, Switch } from 'solid-js'
import { cancelJob, fetchIds, jobs, startJob } from './jobs'

export function App() {
  const [ids, setIds] = createSignal<readonly string[]>([])
  const [message, setMessage] = createSignal('')
  const status = useAutoRefreshStatus(jobs)
  const fail = (error: unknown): void => void setMessage(String(error))

  onMount(() => {
    fetchIds().then(setIds, fail)
  })
  const start = (): void => {
    startJob().then((id) => setIds((all) => [...all, id]), fail)
  }
  const tryNow = (): void => {
    jobs.refreshAll().catch(() => undefined)
  }

  return (
    <main>
      <h1>Jobs</h1>
      <Show when={status().isOutage}>
        <p role="alert">
          The server cannot be reached. <button onClick={tryNow}>Try now</button>
        </p>
      </Show>
      <button onClick={start}>Start a job</button>
      <ul>
        <For each={ids()}>{(id) => <JobRow id={id} onError={fail} />}</For>
      </ul>
      <p role="status">{message()}</p>
    </main>
  )
}

/** The job is polled while this row is mounted, until it is finished. */
function JobRow(props: { id: string; onError: (error: unknown) => void }) {
  const job = useAutoRefreshItem(jobs, () => props.id)
  const cancel = (): void => {
    cancelJob(props.id).catch(props.onError)
  }

  return (
    <li>
      {props.id}:{' '}
      <Switch>
        <Match when={job().status === 'missing'}>there is no such job</Match>
        <Match when={job().status === 'pending'}>{job().error ? 'cannot be loaded' : 'loading'}</Match>
        <Match when={job().item}>
          {(item) => (
            <>
              {item().state} <progress value={item().progress} aria-label={`Progress of ${props.id}`} />
              <Show when={item().state === 'running'}>
                <button onClick={cancel}>Cancel {props.id}</button>
              </Show>
            </>
          )}
        </Match>
      </Switch>
    </li>
  )
}
