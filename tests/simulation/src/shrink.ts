import { type RunOptions } from './cast.ts'
import { run } from './run.ts'
import { type Op, type Script, type Step } from './script.ts'
import { type Subject } from './subject.ts'

/** A smaller script that breaks the same rule. Takes parts away as long as the rule stays broken. */
export async function shrink(script: Script, subject: Subject, options: RunOptions = {}): Promise<Script> {
  const first = await run(script, subject, options)
  if (first.violation === undefined) return script
  const { rule } = first.violation
  const isBroken = async (candidate: Script): Promise<boolean> =>
    (await run(candidate, subject, options)).violation?.rule === rule
  let smallest: Script = { ...script, steps: script.steps.slice(0, first.steps) }
  if (!(await isBroken(smallest))) smallest = script
  for (let before = ''; before !== JSON.stringify(smallest);) {
    before = JSON.stringify(smallest)
    for (const simpler of [withoutOptions, withoutReactions, withFewerAnswers])
      smallest = await simpler(smallest, isBroken)
    smallest = await withFewerSteps(smallest, isBroken)
  }
  return smallest
}

type Test = (script: Script) => Promise<boolean>

/** Takes out pieces of a list, large ones first. */
async function fewer<T>(
  list: readonly T[],
  least: number,
  isBroken: (list: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = list
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = Math.floor(size / 2))
    for (let at = kept.length - size; at >= 0; at -= size) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)]
      if (rest.length >= least && (await isBroken(rest))) kept = rest
    }
  return kept
}

async function withFewerSteps(script: Script, isBroken: Test): Promise<Script> {
  const single: Step[] = script.steps.flatMap((step) =>
    step.do === 'act' ? step.ops.map((op): Step => ({ do: 'act', ops: [op] })) : [step],
  )
  let smallest = script
  for (const steps of [single, script.steps]) {
    const candidate = { ...script, steps }
    if (!(await isBroken(candidate))) continue
    smallest = candidate
    break
  }
  const steps = await fewer(smallest.steps, 0, (fewerSteps) => isBroken({ ...smallest, steps: fewerSteps }))
  return {
    ...smallest,
    steps: await withFewerOps(steps, (simpler) => isBroken({ ...smallest, steps: simpler })),
  }
}

async function withFewerOps(
  steps: readonly Step[],
  isBroken: (steps: readonly Step[]) => Promise<boolean>,
): Promise<readonly Step[]> {
  let kept = steps
  for (const [index, step] of kept.entries()) {
    if (step.do !== 'act' || step.ops.length < 2) continue
    const ops: readonly Op[] = await fewer(step.ops, 1, (fewerOps) =>
      isBroken(kept.with(index, { do: 'act', ops: fewerOps })),
    )
    kept = kept.with(index, { do: 'act', ops })
  }
  return kept
}

async function withoutOptions(script: Script, isBroken: Test): Promise<Script> {
  let smallest = script
  for (const name of Object.keys(script.options)) {
    if (name === 'interval' || name === 'eventsHeard') continue
    const simpler = without(smallest, name)
    if (await isBroken(simpler)) smallest = simpler
  }
  for (const simpler of [
    { ...smallest, options: { ...smallest.options, interval: 100 } },
    { ...smallest, random: [0] },
    { ...smallest, isWild: false },
    { ...smallest, ending: { kind: 'heal' } as const },
  ])
    if (JSON.stringify(simpler) !== JSON.stringify(smallest) && (await isBroken(simpler)))
      smallest = { ...simpler }
  return smallest
}

async function withoutReactions(script: Script, isBroken: Test): Promise<Script> {
  const quiet: Script = { ...script, reactions: [null] }
  if (await isBroken(quiet)) return quiet
  let smallest = script
  for (const index of script.reactions.keys()) {
    const candidate = { ...smallest, reactions: smallest.reactions.with(index, null) }
    if (smallest.reactions[index] !== null && (await isBroken(candidate))) smallest = candidate
  }
  return smallest
}

async function withFewerAnswers(script: Script, isBroken: Test): Promise<Script> {
  let smallest = script
  const answers = await fewer(script.answers, 1, (some) => isBroken({ ...smallest, answers: some }))
  smallest = { ...smallest, answers }
  for (const [index, answer] of smallest.answers.entries()) {
    const says = await fewer(answer.says, 1, (some) =>
      isBroken({ ...smallest, answers: smallest.answers.with(index, { ...answer, says: some }) }),
    )
    smallest = { ...smallest, answers: smallest.answers.with(index, { ...answer, says }) }
  }
  return smallest
}

function without(script: Script, option: string): Script {
  const options = { ...script.options }
  Reflect.deleteProperty(options, option)
  return { ...script, options }
}
