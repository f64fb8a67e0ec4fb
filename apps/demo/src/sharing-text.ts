import type { HubReport } from '@auto-refresh/demo-server/api'
import type { Role } from '@auto-refresh/share'
import type { Way } from './way.ts'

/** Facts about the group that the page belongs to. */
export interface Sharing {
  readonly way: Way
  readonly role: Role
  /** Tabs of this browser that share, this one included. */
  readonly members: number
  /** Undefined before the server has told. */
  readonly report: HubReport | undefined
}

/** Says who asks the farm, and for whom. */
export function describeSharing({ way, role, members, report }: Sharing): string {
  if (role === 'out')
    return 'Nobody looks at this tab, or it is paused: it takes no part, and asks for nothing.'
  if (way === 'alone') return 'This tab asks the farm for itself, and so does every other one.'
  const tabs = members === 1 ? 'the only one' : `one of ${members}`
  if (way === 'tabs') {
    if (role === 'alone') return 'This tab asks for itself, because it hears no other one.'
    if (role === 'joining') return 'This tab looks for others that ask already.'
    if (role === 'follower') return `Another tab asks the farm. This one, ${tabs}, asks nothing.`
    return `This tab, ${tabs}, asks the farm${members === 1 ? '' : ' for all'}.`
  }
  return `${serverText(report)} ${streamText(role, tabs)}`
}

function serverText(report: HubReport | undefined): string {
  if (report === undefined) return 'The server asks the farm.'
  const { browsers, server } = report
  const whom = browsers === 1 ? 'this browser' : `${browsers} browsers`
  if (server === undefined) return `The server asks the farm, for ${whom}.`
  const { number, of, role, members } = server
  const name = `Server ${number} of ${of}`
  if (role === 'leader') return `${name} pushes to ${whom}, and asks the farm for all ${members} servers.`
  if (role === 'follower')
    return `${name} pushes to ${whom}. Another server asks the farm for all ${members}.`
  return `${name} pushes to ${whom}, and asks the farm for itself now.`
}

function streamText(role: Role, tabs: string): string {
  switch (role) {
    case 'leader':
      return `This tab, ${tabs}, holds the stream of this browser.`
    case 'follower':
      return `Another tab holds the stream of this browser; this one, ${tabs}, sends nothing.`
    case 'joining':
      return 'This tab looks for the others of this browser.'
    default:
      return 'This tab hears no other one of this browser.'
  }
}
