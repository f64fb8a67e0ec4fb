/** One turn of one figure in this process: what it gives, on the standard output. */
import { plan } from './plan.ts'

const [id] = process.argv.slice(2)
const cell = plan()
  .flat()
  .find((each) => each.id === id)
if (cell === undefined) throw new Error(`there is no figure ${id}`)
console.log(JSON.stringify(await cell.run()))
// What polls would go on for ever.
process.exit()
