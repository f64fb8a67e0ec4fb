import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, it } from 'vitest'
import { entriesOf, readManifest, root } from '../src/packed.ts'

const run = promisify(execFile)

describe.each(inject('packages'))('$name', ({ tarball, folder }) => {
  it('publint --strict finds nothing', async () => {
    // `attw` and `publint` check the unpacked files.
    const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  it('attw finds nothing: types resolve as the code does, with every resolution', async () => {
    const attw = path.join(root, 'node_modules/.bin/attw')
    // Rejects if there is a problem.
    const { stdout } = await run(attw, [tarball, '--format', 'ascii', '--no-color', '--no-emoji'])
    const entries = entriesOf(readManifest(folder))
    // The package.json itself is the last.
    expect(stdout.match(/node10: OK/g)).toHaveLength(entries.length + 1)
    expect(stdout.match(/node16 \(from CJS\): OK \(CJS\)/g)).toHaveLength(entries.length)
    expect(stdout.match(/node16 \(from ESM\): OK \(ESM\)/g)).toHaveLength(entries.length)
  })
})
