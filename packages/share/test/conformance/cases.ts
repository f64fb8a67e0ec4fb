// The core's own tests meet this module in place of `vitest`: it leaves out the cases that are exceptions of the role.
import { describe as describeAll, inject, it as every } from 'vitest'
import { exceptionsOf } from './exceptions.ts'

export * from 'vitest'

const isException = exceptionsOf(inject('role'))

type Register = (name: string, ...rest: never[]) => void

function unlessExcepted<Kind extends Register>(register: Kind): Kind {
  const only: Register = (name, ...rest) => {
    if (!isException(name)) register(name, ...rest)
  }
  return only as Kind
}

/** `each` of the real one takes the case's name afterwards, which is a template. */
function withEach<Kind extends Register & { readonly each: (...cases: never[]) => Register }>(
  real: Kind,
): Kind {
  const each: (...cases: never[]) => Register = (...cases) => unlessExcepted(real.each(...cases))
  return Object.assign(
    unlessExcepted<Register>((name, ...rest) => real(name, ...rest)),
    { each },
  ) as Kind
}

export const it = withEach(every)
export const test = it
export const describe = withEach(describeAll)
