import type { HydratedView, ItemView } from '@auto-refresh/adapter-suite'
import { renderToString } from 'solid-js/web'
import { HydratedPage, Item } from './views.tsx'

export const renderItem = (view: ItemView): string =>
  renderToString(() => <Item view={view} onRender={() => undefined} />)

export const renderPage = (view: HydratedView): string => renderToString(() => <HydratedPage view={view} />)
