import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { aptGet, installPackages } from '../../../../../tests/browsers/src/apt.ts'

/** A real nginx before a hub, that buffers and compresses as far as it is let. */
export interface Nginx {
  /** It heeds `x-accel-buffering`, as it does by default. */
  readonly heeding: string
  /** It is configured to ignore `x-accel-buffering`. */
  readonly ignoring: string
  readonly close: () => Promise<void>
}

/** Starts it. @throws Error if there is none, and none can be installed */
export async function nginxBefore(port: number): Promise<Nginx> {
  const program = ensureNginx()
  const folder = mkdtempSync(path.join(tmpdir(), 'nginx-'))
  const own = await freePort()
  const file = path.join(folder, 'nginx.conf')
  writeFileSync(file, configuration(own, port, folder))
  const child = spawn(program, ['-c', file, '-p', folder, '-e', path.join(folder, 'error.log')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await answers(`http://127.0.0.1:${own}/ready`, child)
  return {
    heeding: `http://127.0.0.1:${own}/heeding/jobs`,
    ignoring: `http://127.0.0.1:${own}/ignoring/jobs`,
    close: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const configuration = (own: number, port: number, folder: string): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  proxy_buffering on;
  proxy_max_temp_file_size 0;
  gzip on;
  gzip_proxied any;
  gzip_min_length 0;
  gzip_types text/event-stream application/json;
  server {
    listen 127.0.0.1:${own};
    location /ready { return 204; }
    location /heeding/ { proxy_pass http://127.0.0.1:${port}/; }
    location /ignoring/ {
      proxy_pass http://127.0.0.1:${port}/;
      proxy_ignore_headers X-Accel-Buffering;
    }
  }
}
`

function ensureNginx(): string {
  const find = (): string | undefined =>
    ['/usr/sbin', ...(process.env['PATH'] ?? '').split(':')]
      .map((folder) => `${folder}/nginx`)
      .find((file) => existsSync(file))
  const found = find()
  if (found !== undefined) return found
  const apt = aptGet()
  if (apt !== undefined) installPackages(apt, ['nginx-light'])
  const installed = find()
  if (installed !== undefined) return installed
  throw new Error('No nginx was found, and none could be installed: install it.')
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.status === 204) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('nginx ended')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}
