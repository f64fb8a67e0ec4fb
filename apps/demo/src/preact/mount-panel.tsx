/** @jsxImportSource preact */
import { render } from 'preact'
import type { MountPanel } from '../panels/panel.ts'
import { JobPanel } from './job-panel.tsx'

export const mountPanel: MountPanel = (element, context) => {
  render(<JobPanel context={context} />, element)
  return () => render(null, element)
}
