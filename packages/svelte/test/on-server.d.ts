/** A component as it is compiled for a server. */
declare module '*.svelte?on-server' {
  import type { Component } from 'svelte'

  const component: Component<Record<string, unknown>>
  export default component
}
