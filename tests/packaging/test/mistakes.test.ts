import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { compileMistakes, mistakesIn, type Mistake } from '../src/mistakes.ts'

describe("the compiler's messages for typical mistakes", () => {
  let found: ReadonlyMap<string, readonly Mistake[]>

  beforeAll(async () => {
    found = await compileMistakes()
  })

  // Meant to change? `npx vitest run -u --project packaging mistakes`
  it.each([
    { file: 'core', most: 5 },
    { file: 'react', most: 5 },
    { file: 'vue', most: 5 },
    { file: 'angular', most: 5 },
    { file: 'svelte', most: 5 },
    { file: 'solid', most: 5 },
    { file: 'lit', most: 5 },
    { file: 'query', most: 5 },
    { file: 'share', most: 5 },
    { file: 'devtools', most: 5 },
    // The compiler gives a line to each level: function, promise, list, response, item, field.
    { file: 'nested', most: 9 },
  ])('$file: one message for each mistake, of at most $most lines', async ({ file, most }) => {
    const mistakes = found.get(file) ?? []
    expect(mistakes.map(({ name }) => name)).toEqual(mistakesIn(file))
    expect(mistakes.filter(({ message }) => message.length > most)).toEqual([])
    const page = mistakes.map(({ name, message }) => `# ${name}\n${message.join('\n')}\n`).join('\n')
    await expect(page).toMatchFileSnapshot(`../mistakes/${file}.txt`)
  })

  it("preact: the messages are React's, because the types are", () => {
    expect(publicApiOf('preact')).toBe(publicApiOf('react'))
  })
})

/** Returns the page of the public API without its heading, which names the package. */
function publicApiOf(name: string): string {
  const [, ...lines] = readFileSync(new URL(`../api/${name}.api.md`, import.meta.url), 'utf8').split('\n')
  return lines.join('\n')
}
