import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sidebar } from './sidebar.ts'

/** Writes `llms.txt`, a list of all pages for language models, and the pages' own Markdown beside their HTML. */
export async function llmsText(srcDir: string, outDir: string, pages: readonly string[]): Promise<void> {
  await Promise.all(
    pages.map(async (page) => {
      const copy = path.join(outDir, page)
      await mkdir(path.dirname(copy), { recursive: true })
      await copyFile(path.join(srcDir, page), copy)
    }),
  )
  const home = await readFile(path.join(srcDir, 'start/what-it-is.md'), 'utf8')
  const [, introduction = ''] = home.split('\n\n')
  const groups = sidebar.map(
    ({ text, items }) =>
      `## ${text}\n\n${items.map(({ text: title, link }) => `- [${title}](${fileOf(link)})`).join('\n')}\n`,
  )
  await writeFile(
    path.join(outDir, 'llms.txt'),
    `# auto-refresh\n\n> ${introduction.replaceAll('\n', ' ')}\n\n${groups.join('\n')}`,
  )
}

function fileOf(link: string): string {
  return link.endsWith('/') ? `${link}index.md` : `${link}.md`
}
