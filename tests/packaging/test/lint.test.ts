import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, it } from 'vitest'
import { readManifest, root } from '../src/packed.ts'

const run = promisify(execFile)

describe.each(inject('packages'))('$name', ({ tarball, folder }) => {
  it('publint --strict finds nothing', async () => {
    // What is unpacked is what is packed.
    const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  it('attw finds nothing: types resolve as the code does, wherever ES modules are', async () => {
    const attw = path.join(root, 'node_modules/.bin/attw')
    // Rejects where there is a problem. What needs CommonJS is not asked for: the packages are ES modules.
    const options = ['--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji']
    const { stdout } = await run(attw, [tarball, ...options])
    const entries = Object.values(readManifest(folder).exports).filter((target) => typeof target === 'object')
    expect(stdout.match(/node16 \(from ESM\): OK \(ESM\)/g)).toHaveLength(entries.length)
  })
})
