/** The public API of an entry as one page, sorted and without comments: what a reviewer compares. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { UNPACKED } from './unpacked.ts'

/** Compiler options of an application. */
const COMPILER_OPTIONS = {
  target: 'es2022',
  module: 'nodenext',
  lib: ['es2022', 'dom'],
  types: [],
  strict: true,
  // The consumers check the declarations.
  skipLibCheck: true,
}

/** Returns the names and types of the exports of `entry` (relative to the unpacked package). */
export function publicApi(unpacked: string, entry: string): string {
  // The page is made within the packed packages, so that imports of the declarations are found.
  const folder = mkdtempSync(path.join(UNPACKED, 'api-'))
  try {
    cpSync(unpacked, folder, { recursive: true })
    nameJavaScript(path.join(folder, 'dist'))
    return report(folder, path.join(folder, entry))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function report(folder: string, main: string): string {
  const none = { default: { logLevel: ExtractorLogLevel.None } }
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: main,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [main] } },
      apiReport: {
        enabled: true,
        reportFileName: 'entry',
        reportFolder: folder,
        reportTempFolder: path.join(folder, 'temp'),
        // A type that is not exported is as public as the export that uses it.
        includeForgottenExports: true,
      },
      messages: { extractorMessageReporting: none, tsdocMessageReporting: none },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(folder, 'package.json'),
  })
  const errors: string[] = []
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.text)
      message.handled = true
    },
  })
  if (errors.length > 0) throw new Error(errors.join('\n'))
  return readFileSync(path.join(folder, 'entry.api.md'), 'utf8')
}

/** The compiler leaves `./x.ts` in declarations and finds `./x.d.ts` by it; API Extractor takes it for another package. */
function nameJavaScript(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue
    const file = path.join(folder, name)
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll(/(from '\.[^']+|import\("\.[^"]+)\.ts(['"])/g, '$1.js$2'),
    )
  }
}
