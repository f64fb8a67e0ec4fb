/** Levels of a value that are written out. */
const DEPTH = 8

/** How a value is written. */
interface Form {
  /** Characters after which the rest is left out. */
  readonly most: number
  /** True: a line for each property. */
  readonly isIndented: boolean
}

/** Writes a value for people, JSON if it is plain data. Stops at `most` characters, so that a large value costs no more. */
class Writer {
  readonly #form: Form
  readonly #above = new Set<object>()
  text = ''

  constructor(form: Form) {
    this.#form = form
  }

  get isFull(): boolean {
    return this.text.length > this.#form.most
  }

  write(value: unknown, depth: number): void {
    if (typeof value === 'string') this.text += JSON.stringify(value.slice(0, this.#form.most))
    else if (typeof value === 'bigint') this.text += `${value}n`
    else if (typeof value === 'function') this.text += 'function'
    else if (typeof value !== 'object' || value === null) this.text += String(value)
    else if (value instanceof Date)
      this.text += Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
    else if (value instanceof Error) this.text += `${value.name}: ${value.message}`
    else this.#writeObject(value, depth)
  }

  #writeObject(value: object, depth: number): void {
    if (this.#above.has(value) || depth >= DEPTH) {
      this.text += '…'
      return
    }
    this.#above.add(value)
    if (Array.isArray(value))
      this.#writeList('[', value.values(), ']', depth, (each) => this.write(each, depth + 1))
    else if (value instanceof Set)
      this.#writeList('Set {', value.values(), '}', depth, (each) => this.write(each, depth + 1))
    else if (value instanceof Map)
      this.#writeList('Map {', value.entries(), '}', depth, (each) => this.#writeEntry(each, depth))
    else
      this.#writeList('{', Object.keys(value).values(), '}', depth, (key) =>
        this.#writeProperty(value, key, depth),
      )
    this.#above.delete(value)
  }

  #writeList<Each>(
    open: string,
    all: Iterable<Each>,
    close: string,
    depth: number,
    write: (each: Each) => void,
  ): void {
    const { isIndented } = this.#form
    const line = (level: number): string => (isIndented ? `\n${'  '.repeat(level)}` : ' ')
    let isEmpty = true
    this.text += open
    for (const each of all) {
      if (this.isFull) break
      this.text += (isEmpty ? '' : ',') + (isEmpty && !isIndented && open === '[' ? '' : line(depth + 1))
      isEmpty = false
      write(each)
    }
    this.text += (isEmpty || (!isIndented && open === '[') ? '' : line(depth)) + close
  }

  #writeEntry([key, value]: [unknown, unknown], depth: number): void {
    this.write(key, depth + 1)
    this.text += ' → '
    this.write(value, depth + 1)
  }

  #writeProperty(owner: object, key: string, depth: number): void {
    this.text += this.#form.isIndented ? `${JSON.stringify(key)}: ` : `${key}: `
    this.write(Reflect.get(owner, key), depth + 1)
  }
}

/** Returns a value in at most about `most` characters. A value that cannot be read is named, and nothing is thrown. */
function inspect(value: unknown, form: Form): string {
  const writer = new Writer(form)
  try {
    writer.write(value, 0)
  } catch {
    return 'a value that cannot be read'
  }
  return writer.isFull ? `${writer.text.slice(0, form.most)}…` : writer.text
}

/** Returns a value in one line. */
export function inspectInLine(value: unknown): string {
  return inspect(value, { most: 160, isIndented: false })
}

/** Returns a value in as many lines as it needs. */
export function inspectInFull(value: unknown): string {
  return inspect(value, { most: 20_000, isIndented: true })
}

/** Returns what may be told of a value that is not to be seen: its type. */
export function redact(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
}
