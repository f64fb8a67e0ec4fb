// For `tsc`, which does not read Vue files. `vue-tsc` does, and checks them.
declare module '*.vue' {
  import type { DefineComponent } from 'vue'

  const component: DefineComponent
  export default component
}
