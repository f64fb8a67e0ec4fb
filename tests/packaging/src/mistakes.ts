/** Typical mistakes of applications, and the compiler's messages. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../mistakes', import.meta.url))
/** One thread, because several would list the members of a union in a random order. */
const OPTIONS = ['--pretty', 'false', '--singleThreaded']
const COMPILER = path.join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')

export interface Mistake {
  readonly name: string
  /** Lines of the compiler's message, without the place. */
  readonly message: readonly string[]
}

/** A message of the compiler: file, line, text. */
const MESSAGE = /^(\w+)\.ts\((\d+),\d+\): (.+)$/

/** The messages of the compiler about all files, by file. */
export async function compileMistakes(): Promise<ReadonlyMap<string, readonly Mistake[]>> {
  const mistakes = new Map<string, Mistake[]>()
  let message: string[] = []
  for (const line of (await compile()).split('\n')) {
    const [, file, at, text = ''] = MESSAGE.exec(line) ?? []
    if (file === undefined) message.push(line)
    else {
      message = [text]
      const found = mistakes.get(file) ?? []
      found.push({ name: nameOf(file, Number(at)), message })
      mistakes.set(file, found)
    }
  }
  return mistakes
}

/** The names of the mistakes in a file, in order. */
export function mistakesIn(file: string): readonly string[] {
  return linesOf(file).flatMap((line) => /^\/\/ # (.+)$/.exec(line)?.[1] ?? [])
}

/** The mistake that a line belongs to: the last one named above it. */
function nameOf(file: string, line: number): string {
  const above = linesOf(file).slice(0, line)
  return above.findLast((each) => each.startsWith('// # '))?.slice(5) ?? ''
}

function linesOf(file: string): string[] {
  return readFileSync(path.join(FOLDER, `${file}.ts`), 'utf8').split('\n')
}

/** Rejects if the compiler finds nothing. */
function compile(): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [COMPILER, ...OPTIONS], { cwd: FOLDER }, (error, printed) => {
      if (error?.code === 2 || error?.code === 1) resolve(printed.trimEnd())
      else reject(error ?? new Error('The compiler found no mistake'))
    })
  })
}
