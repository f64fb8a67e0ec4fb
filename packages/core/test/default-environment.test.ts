import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultEnvironment, focusManager, onlineManager } from '../src/environment/tanstack.ts'
import { resetManagers, ScriptedPlatform } from './platform.ts'
import { replace } from './world.ts'

/** The default environment as a running cache sees it. */
class Run {
  /** `[isVisible, isOnline]` at each notification. */
  readonly told: (readonly [boolean, boolean])[] = []
  readonly stop = defaultEnvironment.subscribe(() => this.told.push(this.now))

  get now(): readonly [isVisible: boolean, isOnline: boolean] {
    return [defaultEnvironment.isVisible(), defaultEnvironment.isOnline()]
  }
}

const runs: Run[] = []
function start(): Run {
  const run = new Run()
  runs.push(run)
  return run
}

/** Ends all runs, and makes the environment forget what it remembers of them. */
function reset(): void {
  for (const run of runs.splice(0)) run.stop()
  resetManagers()
  const run = new Run()
  onlineManager.setOnline(false)
  onlineManager.setOnline(true)
  focusManager.setFocused(false)
  focusManager.setFocused(undefined)
  run.stop()
}

const free = [true, true] as const
const hidden = [false, true] as const
const offline = [true, false] as const

/** An application's own source of events, as `setEventListener` takes it. */
class Source {
  #say: ((value: boolean) => void) | undefined
  readonly setup = (say: (value: boolean) => void): (() => void) => {
    this.#say = say
    return () => (this.#say = undefined)
  }
  get isHeard(): boolean {
    return this.#say !== undefined
  }
  say(value: boolean): void {
    this.#say?.(value)
  }
}

describe('on a platform without information', () => {
  beforeEach(reset)
  afterEach(reset)

  it('T4: it is visible and online', () => {
    expect(start().now).toEqual(free)
  })

  it('T4: a value set at the managers holds at once', () => {
    const run = start()
    focusManager.setFocused(false)
    onlineManager.setOnline(false)
    expect(run.told).toEqual([hidden, [false, false]])
    focusManager.setFocused(true)
    onlineManager.setOnline(true)
    expect(run.told.slice(2)).toEqual([offline, free])
  })

  it('T4: a value that an application set before the first start holds', () => {
    onlineManager.setOnline(false)
    focusManager.setFocused(false)
    expect(start().now).toEqual([false, false])
  })

  it('T4: a value that an application set between stop and start holds', () => {
    start().stop()
    focusManager.setFocused(false)
    onlineManager.setOnline(false)
    expect(start().now).toEqual([false, false])
  })

  it('T4: a value of a manager from before a stop does not count', () => {
    const app = new Source()
    const network = new Source()
    focusManager.setEventListener(app.setup)
    onlineManager.setEventListener(network.setup)
    const run = start()
    app.say(false)
    network.say(false)
    expect(run.now).toEqual([false, false])
    run.stop()
    expect([app.isHeard, network.isHeard]).toEqual([false, false])
    app.say(true)
    network.say(true)
    const next = start()
    expect(next.now).toEqual(free)
    network.say(true)
    network.say(false)
    expect(next.told).toEqual([offline])
  })

  it('T4: a value of a manager counts while it has another subscriber', () => {
    const leave = [focusManager.subscribe(() => {}), onlineManager.subscribe(() => {})]
    try {
      const run = start()
      focusManager.setFocused(false)
      onlineManager.setOnline(false)
      run.stop()
      expect(start().now).toEqual([false, false])
    } finally {
      for (const leaveOne of leave) leaveOne()
    }
  })

  it('T4: a cache that stops changes nothing for another', () => {
    const [one, other] = [start(), start()]
    one.stop()
    onlineManager.setOnline(false)
    expect([one.told, other.told]).toEqual([[], [offline]])
    const third = start()
    expect(third.now).toEqual(offline)
    onlineManager.setOnline(true)
    expect([other.told, third.told]).toEqual([[offline, free], [free]])
  })

  it('T4: one cache forgets what another heard before it stopped', () => {
    const run = start()
    onlineManager.setOnline(false)
    run.stop()
    expect([start().now, start().now]).toEqual([free, free])
  })

  it('T4: stopping twice forgets nothing that was said in between', () => {
    const run = start()
    run.stop()
    onlineManager.setOnline(false)
    run.stop()
    expect(start().now).toEqual(offline)
  })

  it('T4: nothing listens before a start, nor after a stop', () => {
    const listeners = (): boolean[] => [focusManager.hasListeners(), onlineManager.hasListeners()]
    expect(listeners()).toEqual([false, false])
    const run = start()
    expect(listeners()).toEqual([true, true])
    run.stop()
    expect(listeners()).toEqual([false, false])
    onlineManager.setOnline(false)
    expect(run.told).toEqual([])
  })

  it('T4: a `process`, or a `window` without a document, says nothing', () => {
    const names = ['window', 'process'].filter((name) => !(name in globalThis))
    for (const name of names) Object.defineProperty(globalThis, name, { configurable: true, value: {} })
    try {
      expect(start().now).toEqual(free)
    } finally {
      for (const name of names) Reflect.deleteProperty(globalThis, name)
    }
  })
})

describe('on a platform without events', () => {
  it('T4: it reads the platform each time', () => {
    const page = new ScriptedPlatform()
    const window = Reflect.get(globalThis, 'window') as object
    const addEventsAgain = replace(window, 'addEventListener', undefined)
    try {
      const run = start()
      page.setOnline(false)
      expect(run.now).toEqual(offline)
      page.setOnline(true)
      expect(run.now).toEqual(free)
      expect(run.told).toEqual([])
    } finally {
      for (const run of runs.splice(0)) run.stop()
      addEventsAgain()
      page.remove()
    }
  })
})

describe('in a worker', () => {
  it('T4: the network is followed, though the managers listen to windows only', () => {
    const worker = new EventTarget()
    const navigator = { onLine: false }
    const undo = [
      replace(globalThis, 'navigator', navigator),
      replace(globalThis, 'addEventListener', worker.addEventListener.bind(worker)),
      replace(globalThis, 'removeEventListener', worker.removeEventListener.bind(worker)),
    ]
    try {
      const run = start()
      expect(run.now).toEqual(offline)
      navigator.onLine = true
      worker.dispatchEvent(new Event('online'))
      expect(run.told).toEqual([free])
      run.stop()
      navigator.onLine = false
      worker.dispatchEvent(new Event('offline'))
      expect(run.told).toEqual([free])
    } finally {
      for (const undoOne of undo) undoOne()
      reset()
    }
  })
})

describe('in a page', () => {
  let page: ScriptedPlatform
  beforeEach(() => {
    page = new ScriptedPlatform()
    reset()
  })
  afterEach(() => {
    page.setOnline(true)
    page.setVisible(true)
    reset()
    page.remove()
  })

  it('T4: it follows the page, and tells each change once', () => {
    const run = start()
    page.setVisible(false)
    page.setVisible(true)
    page.setOnline(false)
    page.setOnline(true)
    expect(run.told).toEqual([hidden, free, offline, free])
  })

  it('T4: a page that is loaded offline is offline, and told when the network comes', () => {
    page.setOnline(false)
    const run = start()
    expect(run.now).toEqual(offline)
    page.setOnline(true)
    expect(run.told).toEqual([free])
    page.setOnline(false)
    expect(run.told).toEqual([free, offline])
  })

  it('T4, T8: the network comes to a page that did not know that it was offline: that is told, once', () => {
    const run = start()
    page.setOnline(true)
    expect(run.told).toEqual([free])
  })

  it('T4: a page that is loaded hidden is hidden, until it is shown', () => {
    page.setVisible(false)
    const run = start()
    expect(run.now).toEqual(hidden)
    page.setVisible(true)
    expect(run.told).toEqual([free])
  })

  it('T4: the network that came back while the cache was stopped is there', () => {
    const run = start()
    page.setOnline(false)
    run.stop()
    page.setOnline(true)
    expect(onlineManager.isOnline()).toBe(false)
    const next = start()
    expect(next.now).toEqual(free)
    // The manager sees no change here, and says nothing.
    page.setOnline(false)
    page.setOnline(true)
    expect(next.told).toEqual([offline, free])
  })

  it('T4: the network that went while the cache was stopped is gone', () => {
    start().stop()
    page.setOnline(false)
    expect(onlineManager.isOnline()).toBe(true)
    expect(start().now).toEqual(offline)
  })

  it('T4: an application that says otherwise than the page holds', () => {
    const run = start()
    onlineManager.setOnline(false)
    focusManager.setFocused(false)
    expect(run.now).toEqual([false, false])
    page.setVisible(false)
    page.setVisible(true)
    expect(run.now).toEqual([false, false])
    focusManager.setFocused(undefined)
    expect(run.now).toEqual(offline)
  })

  it('T4: an application that says so refreshes a hidden page, over stops, too', () => {
    page.setVisible(false)
    focusManager.setFocused(true)
    const run = start()
    expect(run.now).toEqual(free)
    run.stop()
    expect(start().now).toEqual(free)
  })

  it('T4: an application with a source of its own is told by that, not by the page', () => {
    const [app, network] = [new Source(), new Source()]
    focusManager.setEventListener(app.setup)
    onlineManager.setEventListener(network.setup)
    const run = start()
    app.say(true)
    network.say(false)
    network.say(true)
    page.setOnline(false)
    page.setVisible(false)
    expect(run.now).toEqual(free)
    network.say(false)
    app.say(false)
    expect(run.now).toEqual([false, false])
  })

  it('T4: the state of the page replaces the value that the source had before a stop', () => {
    const app = new Source()
    focusManager.setEventListener(app.setup)
    const run = start()
    app.say(false)
    run.stop()
    page.setVisible(false)
    const next = start()
    expect(next.now).toEqual(hidden)
    page.setVisible(true)
    expect(next.told).toEqual([free])
  })

  it('T4: a page that changes while no cache runs notifies none', () => {
    const run = start()
    run.stop()
    page.setOnline(false)
    page.setVisible(false)
    expect(run.told).toEqual([])
    expect(run.now).toEqual([false, false])
  })

  it('T4: several starts and stops across changes end with the page', () => {
    for (let round = 0; round < 4; round++) {
      const run = start()
      expect(run.now).toEqual([true, round % 2 === 0])
      page.setOnline(round % 2 !== 0)
      expect(run.told).toEqual([[true, round % 2 !== 0]])
      run.stop()
      if (round === 1) page.setOnline(false)
      if (round === 1) page.setOnline(true)
    }
  })
})
