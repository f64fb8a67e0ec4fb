import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { MountPanel } from '../panels/panel.ts'
import { JobPanel } from './job-panel.tsx'

/** In StrictMode: what mounts twice must subscribe once. */
export const mountPanel: MountPanel = (element, context) => {
  const root = createRoot(element)
  root.render(
    <StrictMode>
      <JobPanel context={context} />
    </StrictMode>,
  )
  return () => root.unmount()
}
