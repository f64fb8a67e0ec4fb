import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second in /proc: 100 on every Linux that people use. */
const TICKS = 100

interface ProcessTime {
  readonly pid: string
  readonly parent: string
  /** s */
  readonly cpu: number
}

/** Returns the CPU s that all descendants of this process have used so far; undefined without /proc. */
export function cpuOfDescendants(): number | undefined {
  const processes = readProcesses()
  if (processes === undefined) return undefined
  let generation = new Set([String(process.pid)])
  let cpu = 0
  while (generation.size > 0) {
    const children = processes.filter(({ parent }) => generation.has(parent))
    for (const child of children) cpu += child.cpu
    generation = new Set(children.map(({ pid }) => pid))
  }
  return cpu
}

function readProcesses(): ProcessTime[] | undefined {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => readProcess(pid) ?? [])
  } catch {
    return undefined
  }
}

function readProcess(pid: string): ProcessTime | undefined {
  try {
    // The name may contain anything. After it come state, parent, and so on; user and system time are the 14th and 15th field.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    const cpu = (Number(fields[11]) + Number(fields[12])) / TICKS
    return { pid, parent: fields[1] ?? '', cpu }
  } catch {
    // The process has ended.
    return undefined
  }
}
