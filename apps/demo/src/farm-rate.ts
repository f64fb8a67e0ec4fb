import type { Traffic } from '@auto-refresh/demo-server/api'
import type { RateSource } from './call-rate.ts'
import type { OneItem } from './one-item.ts'

/** Whole seconds over which the rate is taken. */
const SECONDS_OF_RATE = 5

/** The requests of all pages and of the server, as the farm counted them: no single tab knows them. */
export class FarmRate implements RateSource {
  readonly #traffic: Pick<OneItem<Traffic>, 'current'>

  constructor(traffic: Pick<OneItem<Traffic>, 'current'>) {
    this.#traffic = traffic
  }

  history(): ReturnType<RateSource['history']> {
    const { perSecond = [] } = this.#traffic.current?.status ?? {}
    return perSecond.map((calls) => ({ calls, failed: 0 }))
  }

  perSecond(): number {
    const { perSecond = [] } = this.#traffic.current?.status ?? {}
    // The last one runs still.
    const whole = perSecond.slice(-SECONDS_OF_RATE - 1, -1)
    return whole.length === 0 ? 0 : whole.reduce((sum, calls) => sum + calls, 0) / whole.length
  }
}
