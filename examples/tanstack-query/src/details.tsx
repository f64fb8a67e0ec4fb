import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { jobOptions } from './queries'

/** One job in large type. Another selection shows the previous job, greyed, until the new one is there. */
export function Details({ id }: { id: string | undefined }) {
  const { data: percent, isPlaceholderData } = useQuery({
    ...jobOptions(id ?? ''),
    enabled: id !== undefined,
    placeholderData: keepPreviousData,
    select: ({ progress }) => Math.round(progress * 100),
  })
  if (id === undefined) return <p>Select a job.</p>
  if (percent === undefined) return <p aria-busy>…</p>
  return <h2 style={{ opacity: isPlaceholderData ? 0.5 : 1 }}>{`${id}: ${percent} %`}</h2>
}
