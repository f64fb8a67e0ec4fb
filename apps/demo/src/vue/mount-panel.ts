import { createApp } from 'vue'
import type { MountPanel } from '../panels/panel.ts'
import { JobPanel } from './job-panel.ts'

export const mountPanel: MountPanel = (element, context) => {
  const app = createApp(JobPanel, { context })
  app.mount(element)
  return () => app.unmount()
}
