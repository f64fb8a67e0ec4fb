// Several commands at a time: most of them wait a good deal, for a start, a page, a registry.
import { spawn } from 'node:child_process'

/** Begins tasks in their order, so many at a time.
 *
 * @template Result
 * @param {number} count
 * @param {readonly (() => Promise<Result>)[]} tasks
 * @returns {Promise<Result[]>} in the order of the tasks
 */
export async function inLanes(count, tasks) {
  const results = []
  const waiting = tasks.entries()
  const lane = async () => {
    for (const [index, task] of waiting) results[index] = await task()
  }
  await Promise.all(Array.from({ length: count }, lane))
  return results
}

/** Runs a command, and tells all that it says when it ends, so that two do not talk at once.
 *
 * @param {string} title
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<boolean>} whether it went well
 */
export async function runQuietly(title, command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const told = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => told.push(chunk))
  const status = await new Promise((resolve) => {
    child.on('error', (error) => {
      told.push(Buffer.from(String(error)))
      resolve(error)
    })
    child.on('close', resolve)
  })
  console.log(`\n── ${title}\n${Buffer.concat(told).toString()}`)
  return status === 0
}
