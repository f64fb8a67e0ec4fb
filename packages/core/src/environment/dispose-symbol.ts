/**
 * Safari does not know `Symbol.asyncDispose` yet. What compilers make of `await using` looks for a symbol of that name
 * then, so the object gets one, and the globals stay as they are.
 */
export function nameDispose(owner: object, dispose: () => Promise<void>): void {
  if (!Reflect.has(Symbol, 'asyncDispose')) {
    Object.defineProperty(owner, Symbol.for('Symbol.asyncDispose'), { value: dispose })
  }
}
