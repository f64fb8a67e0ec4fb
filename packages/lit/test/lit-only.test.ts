import { InMemoryAutoRefresh, type ItemId } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/lit'
import { html, LitElement, type TemplateResult } from 'lit'
import { beforeEach, describe, expect, it } from 'vitest'

interface Step {
  readonly step: number
}

let cache: InMemoryAutoRefresh<Step>
const calls: string[][] = []
const drawn = (): Promise<void> => new VirtualClock().advance(0)

/** Two controllers that follow properties. */
class JobElement extends LitElement {
  static override properties = { jobId: {}, factor: { type: Number }, isOpen: { type: Boolean } }
  declare jobId: ItemId | undefined
  declare factor: number
  declare isOpen: boolean
  renders = 0
  readonly job = useAutoRefreshItem(this, cache, () => this.jobId)
  readonly list = useAutoRefreshItems(this, cache, () => (this.isOpen ? ['b'] : []), {
    select: ({ item }) => (item?.step ?? 0) * this.factor,
  })

  constructor() {
    super()
    this.factor = 1
    this.isOpen = true
  }

  protected override render(): TemplateResult {
    this.renders += 1
    const { status, item } = this.job.value
    return html`${status} ${item?.step ?? '-'} ${this.list.value.join()}`
  }
}
customElements.define('test-job', JobElement)

const shown = ({ renderRoot }: JobElement): string => renderRoot.textContent?.trim() ?? ''

async function jobElement(id: ItemId | undefined): Promise<JobElement> {
  const element = new JobElement()
  element.jobId = id
  document.body.append(element)
  await drawn()
  return element
}

beforeEach(() => {
  document.body.replaceChildren()
  calls.length = 0
  cache = new InMemoryAutoRefresh<Step>({
    interval: 1_000_000,
    sync: (batch) => {
      calls.push(batch.map(({ id }) => id))
      return batch.map(({ id, item = { step: 0 } }) => ({ id, item }))
    },
  })
})

describe('Lit alone', () => {
  it('A2: making an element subscribes to nothing; its first rendering does', async () => {
    const element = new JobElement()
    element.jobId = 'a'
    expect(element.job.value.status).toBe('pending')
    expect(cache.stats()).toMatchObject({ size: 0, subscribers: 0 })
    document.body.append(element)
    expect(cache.stats().subscribers).toBe(0)
    await drawn()
    expect(cache.stats().subscribers).toBe(2)
    expect(calls).toEqual([['a', 'b']])
  })

  it('A6: several controllers that tell at once make one rendering', async () => {
    const element = await jobElement('a')
    const before = element.renders
    cache.update('a', { step: 3 })
    cache.update('b', { step: 4 })
    await drawn()
    expect(shown(element)).toBe('active 3 4')
    expect(element.renders).toBe(before + 1)
  })

  it('A4: an element that is moved keeps its items, fetches nothing, and draws nothing', async () => {
    const element = await jobElement('a')
    const before = element.renders
    const other = document.createElement('section')
    document.body.append(other)
    other.append(element)
    await drawn()
    expect(calls).toHaveLength(1)
    expect(cache.stats().subscribers).toBe(2)
    expect(cache.isRunning).toBe(true)
    expect(element.renders).toBe(before)
    cache.update('a', { step: 5 })
    await drawn()
    expect(shown(element)).toBe('active 5 0')
  })

  it('A3, A5: an element that is put aside subscribes to nothing, and shows what it has missed when it comes back', async () => {
    const element = await jobElement('a')
    element.remove()
    await drawn()
    expect(cache.stats().subscribers).toBe(0)
    expect(cache.isRunning).toBe(false)
    cache.update('a', { step: 6 })
    await drawn()
    document.body.append(element)
    await drawn()
    expect(shown(element)).toBe('active 6 0')
  })

  it('A7: an element that gets another id while it is put aside does not ask for the old one again', async () => {
    const element = await jobElement('a')
    element.remove()
    cache.clear()
    calls.length = 0
    element.jobId = 'c'
    document.body.append(element)
    await drawn()
    expect(calls.flat()).not.toContain('a')
    expect(shown(element)).toBe('active 0 0')
  })

  it('A7: an id that is set before a rendering is drawn once', async () => {
    cache.getOrCreate('c', { step: 8 })
    const element = await jobElement('a')
    const before = element.renders
    element.jobId = 'c'
    await drawn()
    expect(shown(element)).toBe('active 8 0')
    expect(element.renders).toBe(before + 1)
  })

  it('A6: `select` and the ids may read properties of the host', async () => {
    const element = await jobElement('a')
    cache.update('b', { step: 2 })
    await drawn()
    element.factor = 10
    await drawn()
    expect(shown(element)).toBe('active 0 20')
    element.isOpen = false
    await drawn()
    expect(cache.stats().subscribers).toBe(1)
  })

  it('A5: reading between a change and its telling does not keep the element from drawing', async () => {
    const element = await jobElement('a')
    cache.update('a', { step: 9 })
    expect(element.job.value.item?.step).toBe(0)
    await drawn()
    expect(shown(element)).toBe('active 9 0')
  })
})
