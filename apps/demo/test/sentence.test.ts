import { expect, it } from 'vitest'
import type { Condition } from '../src/cache-condition.ts'

import { sentenceAbout } from '../src/sentence.ts'
import type { Way } from '../src/way.ts'

const scene = {
  active: 60,
  failing: 0,
  syncCalls: 12,
  refreshedItems: 700,
  condition: 'running' as Condition,
  hasTimers: true,
  way: 'alone' as Way,
}

it('says what is seen, in figures of the moment', () => {
  expect(sentenceAbout(scene)).toBe(
    'The cache keeps 60 jobs fresh in React, Vue and Preact by one request per second for all of them. One timer per job, running beside it, asks for each of them apart.',
  )
  expect(sentenceAbout({ ...scene, hasTimers: false })).toContain('One timer per job would send 60')
  expect(sentenceAbout({ ...scene, active: 1 })).toContain('The cache keeps 1 job fresh')
  expect(sentenceAbout({ ...scene, way: 'hub' })).toContain('for all of them, in all browsers.')
})

it('says why nothing is asked for', () => {
  expect(sentenceAbout({ ...scene, active: 0 })).toContain('700 times, by 12 requests')
  expect(sentenceAbout({ ...scene, active: 0, syncCalls: 0 })).toContain('Submit some renders')
  expect(sentenceAbout({ ...scene, condition: 'stopped' })).toContain('No panel is mounted')
  expect(sentenceAbout({ ...scene, condition: 'paused' })).toContain('until you resume it')
})

it('tells one job that fails from all of them, and does not call a source that is down fresh', () => {
  const failing = { ...scene, condition: 'backing-off' as Condition }
  expect(sentenceAbout({ ...failing, failing: 1 })).toContain('1 of 60 jobs could not be refreshed')
  expect(sentenceAbout({ ...failing, failing: 60 })).toContain('The last refresh of 60 jobs failed')
  for (const condition of ['outage', 'rate-limited', 'backing-off', 'hidden', 'offline'] as const) {
    expect(sentenceAbout({ ...scene, failing: 60, condition })).not.toContain('keeps 60 jobs fresh')
  }
})
