import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, it } from 'vitest'
import { root } from '../src/packed.ts'

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
    const { stdout } = await run(attw, [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji'])
    expect(stdout).toMatch(/node16 \(from ESM\) +│ OK \(ESM\)/)
  })
})
