import { expect, it } from 'vitest'
import { describeSharing, type Sharing } from '../src/sharing-text.ts'

const tabs: Sharing = { way: 'tabs', role: 'leader', members: 3, report: undefined }
const hub: Sharing = { ...tabs, way: 'hub', report: { browsers: 2 } }

it('says of tabs which of them asks', () => {
  expect(describeSharing(tabs)).toBe('This tab, one of 3, asks the farm for all.')
  expect(describeSharing({ ...tabs, members: 1 })).toBe('This tab, the only one, asks the farm.')
  expect(describeSharing({ ...tabs, role: 'follower' })).toContain('Another tab asks the farm.')
  expect(describeSharing({ ...tabs, role: 'joining' })).toContain('looks for others')
  expect(describeSharing({ ...tabs, role: 'alone' })).toContain('hears no other one')
  expect(describeSharing({ ...tabs, way: 'alone', role: 'alone' })).toContain('so does every other one')
})

it('says of a server for whom it asks, and which tab holds the stream', () => {
  expect(describeSharing(hub)).toBe(
    'The server asks the farm, for 2 browsers. This tab, one of 3, holds the stream of this browser.',
  )
  expect(describeSharing({ ...hub, report: { browsers: 1 }, role: 'follower', members: 2 })).toBe(
    'The server asks the farm, for this browser. Another tab holds the stream of this browser; this one, one of 2, sends nothing.',
  )
  expect(describeSharing({ ...hub, report: undefined })).toContain('The server asks the farm.')
  expect(describeSharing({ ...hub, role: 'joining' })).toContain('looks for the others of this browser')
  expect(describeSharing({ ...hub, role: 'alone' })).toContain('hears no other one of this browser')
})

it('says of one of several servers which of them asks', () => {
  const server = { number: 2, of: 3, role: 'follower', members: 3 } as const
  const text = (role: typeof server.role | 'leader' | 'alone'): string =>
    describeSharing({ ...hub, report: { browsers: 2, server: { ...server, role } } })
  expect(text('follower')).toContain(
    'Server 2 of 3 pushes to 2 browsers. Another server asks the farm for all 3.',
  )
  expect(text('leader')).toContain('asks the farm for all 3 servers.')
  expect(text('alone')).toContain('asks the farm for itself now.')
})

it.each(['alone', 'tabs', 'hub'] as const)(
  'by %s, says of a tab that nobody looks at that it takes no part',
  (way) => {
    expect(describeSharing({ ...hub, way, role: 'out' })).toContain('takes no part')
  },
)
