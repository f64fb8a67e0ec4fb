// node server.mjs: renders the page on the server, and passes requests of the page to the backend.
import vue from '@vitejs/plugin-vue'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createVite } from 'vite'

const { BACKEND = 'http://127.0.0.1:3001', PORT = '5173' } = process.env

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error)
    response.writeHead(500).end()
  })
})
const vite = await createVite({
  appType: 'custom',
  plugins: [vue()],
  // Hot reload uses this server's port.
  server: { middlewareMode: true, hmr: { server } },
})
server.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))

async function answer(request, response) {
  if (request.url === '/') {
    const template = await vite.transformIndexHtml('/', await readFile('index.html', 'utf8'))
    const { render } = await vite.ssrLoadModule('/src/entry-server.ts')
    const { markup, state } = await render(BACKEND)
    response.setHeader('content-type', 'text/html')
    response.end(template.replace('<!--markup-->', () => markup).replace('<!--state-->', () => state))
  } else if (request.url.startsWith('/api/')) {
    const answered = await fetch(BACKEND + request.url, { method: request.method })
    response.writeHead(answered.status, { 'content-type': 'application/json' }).end(await answered.text())
  } else {
    vite.middlewares(request, response)
  }
}
