import type { AutoRefresh } from '@auto-refresh/core'
import type { RenderNode } from '@auto-refresh/demo-server/api'
import { useEffect, useState, type ReactNode } from 'react'
import { CallRate } from '../call-rate.ts'
import { FrameMeter, type FrameFigures } from './frame-meter.ts'
import { UpdateRate } from './update-rate.ts'

const REDRAW_INTERVAL = 500

interface Figures extends FrameFigures {
  readonly rows: number
  readonly subscribers: number
  readonly requestsPerSecond: number
  readonly changesPerSecond: number
}

/** The cost of the ten thousand rows, live. */
export function RowsFigures({ cache }: { readonly cache: AutoRefresh<RenderNode> }): ReactNode {
  const [figures, setFigures] = useState<Figures>()
  useEffect(() => {
    const calls = new CallRate(60, Date.now)
    const updates = new UpdateRate(Date.now)
    const meter = new FrameMeter()
    const unsubscribe = cache.onEvent((event) => {
      calls.record(event)
      if (event.type === 'updated') updates.record()
    })
    meter.start()
    const timer = setInterval(() => {
      const { size, subscribers } = cache.stats()
      setFigures({
        ...meter.read(),
        rows: size,
        subscribers,
        requestsPerSecond: calls.perSecond(),
        changesPerSecond: updates.perSecond(),
      })
    }, REDRAW_INTERVAL)
    return () => {
      clearInterval(timer)
      meter.stop()
      unsubscribe()
    }
  }, [cache])

  const format = (value: number | undefined, digits = 0): string =>
    value === undefined
      ? '–'
      : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return (
    <dl className="tiles rows-tiles">
      <Tile name="Frames a second" stat="fps" value={format(figures?.framesPerSecond)} />
      <Tile name="Longest frame" stat="longest-frame" value={`${format(figures?.longestFrame)} ms`} />
      <Tile name="Longest task" stat="longest-task" value={describeTask(figures)} />
      <Tile name="Live rows" stat="size" value={format(figures?.rows)} />
      <Tile name="Subscribers" stat="subscribers" value={format(figures?.subscribers)} />
      <Tile name="Requests a second" stat="requests" value={format(figures?.requestsPerSecond, 1)} />
      <Tile name="Changes a second" stat="changes" value={format(figures?.changesPerSecond)} />
    </dl>
  )
}

interface TileProps {
  readonly name: string
  readonly stat: string
  readonly value: string
}

function Tile({ name, stat, value }: TileProps): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-stat={stat}>{value}</dd>
    </div>
  )
}

/** Browsers tell of tasks from 50 ms on. */
function describeTask(figures: Figures | undefined): string {
  const task = figures?.longestTask
  if (task === undefined) return '–'
  return task === 0 ? '< 50 ms' : `${Math.round(task)} ms`
}
