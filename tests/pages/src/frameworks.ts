import preact from '@preact/preset-vite'
import react from '@vitejs/plugin-react'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import solid from 'vite-plugin-solid'
import type { PluginOption } from 'vite'
import type { DevPageOptions } from './dev-page.ts'

export interface Framework {
  readonly framework: DevPageOptions['framework']
  /** The plugins that the framework's users have in Vite. */
  readonly plugins: () => readonly PluginOption[]
}

export const FRAMEWORKS: readonly Framework[] = [
  { framework: 'react', plugins: () => [react()] },
  { framework: 'preact', plugins: () => [preact()] },
  { framework: 'vue', plugins: () => [vue()] },
  { framework: 'svelte', plugins: () => [svelte({ configFile: false })] },
  { framework: 'solid', plugins: () => [solid({ ssr: true })] },
]
