import { hydrate as hydrateItems } from '@auto-refresh/core'
import { hydrate, type Component } from 'svelte'
import { newJobs } from '../jobs'
import Header from './Header.svelte'
import Late from './Late.svelte'

const jobs = newJobs().start()
hydrateItems(jobs, JSON.parse(document.querySelector('script[type="application/json"]')?.textContent ?? ''))

function comeAlive(island: Component<{ jobs: typeof jobs }>, selector: string) {
  const target = document.querySelector(selector)
  if (target !== null) hydrate(island, { target, props: { jobs } })
}

comeAlive(Header, '#header')
Object.assign(globalThis, { jobs, hydrateLate: () => comeAlive(Late, '#late') })
