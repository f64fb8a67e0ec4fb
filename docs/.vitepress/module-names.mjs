// A plugin of TypeDoc: modules are named as they are imported, `@auto-refresh/core/testing` instead of `core/src/testing`.
import { Converter, ReflectionKind } from 'typedoc'

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
    if (reflection.kindOf(ReflectionKind.Module)) {
      reflection.name = `@auto-refresh/${reflection.name.replace('/src', '')}`
    }
  })
}
