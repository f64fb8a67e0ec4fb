import preact from '@preact/preset-vite'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import type { PluginOption } from 'vite'

export interface Framework {
  readonly framework: 'react' | 'preact' | 'vue'
  /** The plugins that the framework's users have in Vite. */
  readonly plugins: () => readonly PluginOption[]
}

export const FRAMEWORKS: readonly Framework[] = [
  { framework: 'react', plugins: () => [react()] },
  { framework: 'preact', plugins: () => [preact()] },
  { framework: 'vue', plugins: () => [vue()] },
]
