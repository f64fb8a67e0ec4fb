// FARM=http://127.0.0.1:3000 PORT=5000 node server.js
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { render } from './dist/server/entry-server.js'

const { FARM, PORT } = process.env
const template = await readFile('dist/client/index.html', 'utf8')

const server = createServer((request, response) => {
  answer(request, response).catch((error) => response.destroy(error))
})
server.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))

async function answer(request, response) {
  const { url, method, headers } = request
  if (url === '/') {
    const { app, job } = await render(FARM)
    response.setHeader('content-type', 'text/html')
    response.end(template.replace('<!--app-->', () => app).replace('<!--job-->', () => job))
  } else if (url.startsWith('/api/')) {
    // The page asks its own server, which asks the farm.
    const body = Readable.toWeb(request)
    const options = { method, headers: { 'content-type': headers['content-type'] }, body, duplex: 'half' }
    const answered = await fetch(FARM + url, options)
    response.writeHead(answered.status, { 'content-type': 'application/json' })
    response.end(await answered.text())
  } else {
    response.setHeader('content-type', 'text/javascript')
    response.end(await readFile(`dist/client${url}`))
  }
}
