/** Measures one turn of one figure in this process, and prints the result. */
import { plan } from './plan.ts'

const [id] = process.argv.slice(2)
const cell = plan()
  .flat()
  .find((each) => each.id === id)
if (cell === undefined) throw new Error(`there is no figure ${id}`)
console.log(JSON.stringify(await cell.run()))
// A competitor that polls would keep the process alive.
process.exit()
