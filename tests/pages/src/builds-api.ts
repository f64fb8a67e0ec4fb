import type { IncomingMessage } from 'node:http'
import type { Plugin } from 'vite'

interface Build {
  readonly name: string
  readonly state: string
  readonly progress: number
}

/** ms that the server takes to cancel a build. */
export const CANCELLING = 6000

/** The server of the builds. */
export class BuildsApi {
  readonly #builds = new Map<string, Build>()
  /** True: the server answers 503. */
  isDown = false
  /** Calls for the state of builds so far. */
  statusCalls = 0

  constructor() {
    for (let index = 0; index < 200; index++) this.#add()
  }

  plugin(): Plugin {
    return {
      name: 'builds-api',
      configureServer: ({ middlewares }) => {
        middlewares.use('/api/builds', (request, response) => {
          void this.#answer(request).then((body) => {
            response.statusCode = body === undefined ? 503 : 200
            response.setHeader('content-type', 'application/json')
            response.end(JSON.stringify(body ?? null))
          })
        })
      },
    }
  }

  async #answer({ method, url = '' }: IncomingMessage): Promise<unknown> {
    const { pathname, searchParams } = new URL(url, 'http://page')
    const [, id = '', action] = pathname.split('/')
    if (id === 'status') this.statusCalls += 1
    if (this.isDown) return undefined
    if (id === 'status') return this.#states(searchParams.getAll('id'))
    if (action === 'cancel') return this.#cancel(id)
    if (method === 'POST') return this.#add()
    if (method === 'DELETE') return this.#builds.delete(id)
    return [...this.#builds.keys()]
  }

  #add(): string {
    const id = `build-${this.#builds.size}`
    const isPast = this.#builds.size % 10 > 6
    const state = isPast ? (this.#builds.size % 10 > 8 ? 'failed' : 'passed') : 'running'
    this.#builds.set(id, { name: `Build ${this.#builds.size}`, state, progress: isPast ? 1 : 0 })
    return id
  }

  /** Each call advances every running build by one per cent. */
  #states(ids: readonly string[]): unknown {
    const states = ids.flatMap((id): [string, Build][] => {
      const build = this.#builds.get(id)
      if (build === undefined) return []
      const next =
        build.state === 'running' ? { ...build, progress: Math.min(0.99, build.progress + 0.01) } : build
      this.#builds.set(id, next)
      return [[id, next]]
    })
    return Object.fromEntries(states)
  }

  async #cancel(id: string): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, CANCELLING))
    const build = this.#builds.get(id)
    if (build !== undefined) this.#builds.set(id, { ...build, state: 'cancelled' })
    return true
  }
}
