import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig, mergeConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import core from './vitest.config.ts'

/** The first test that fails ends the run of a mutant, so what failed for the last one comes first. */
class FailedFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { cache, config } = this.ctx
    const hasFailed = ({ project, moduleId }: TestSpecification): boolean =>
      cache.getFileTestResults(`${project.name}:${path.relative(config.root, moduleId)}`)?.failed === true
    return Promise.resolve([...files].sort((a, b) => Number(hasFailed(b)) - Number(hasFailed(a))))
  }
}

/** The core's suite as mutants are run against it: without what takes seconds. */
export default mergeConfig(
  core,
  defineConfig({
    root: fileURLToPath(new URL('.', import.meta.url)),
    test: {
      exclude: [...configDefaults.exclude, 'test/large.test.ts'],
      setupFiles: 'test/short-properties.ts',
      testTimeout: 10_000,
      sequence: { sequencer: FailedFirst },
    },
  }),
)
