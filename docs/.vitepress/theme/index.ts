import DefaultTheme from 'vitepress/theme'
import type { Theme } from 'vitepress'
import Batching from './live/Batching.vue'
import HiddenPage from './live/HiddenPage.vue'
import OptimisticCancel from './live/OptimisticCancel.vue'
import Outage from './live/Outage.vue'
import PoisonId from './live/PoisonId.vue'
import './style.css'

/** Live examples, which pages place by their names. */
const examples = { Batching, HiddenPage, OptimisticCancel, Outage, PoisonId }

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    for (const [name, component] of Object.entries(examples)) app.component(name, component)
  },
} satisfies Theme
