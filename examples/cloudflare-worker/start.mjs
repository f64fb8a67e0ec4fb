// wrangler dev, with the backend and the port of the environment.
import { spawn } from 'node:child_process'

const { BACKEND = 'http://127.0.0.1:3001', PORT = '8787' } = process.env
const args = ['dev', '--ip', '127.0.0.1', '--port', PORT, '--var', `BACKEND:${BACKEND}`]
spawn('wrangler', args, { stdio: 'inherit', shell: process.platform === 'win32' })
