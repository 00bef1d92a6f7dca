import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { reviewOrganisation } from '../../../src/features/organisation/index.ts'

/** The sections of organisation files that a page shows. */
async function examplesIn(page: string): Promise<string[]> {
  const text = await readFile(page, 'utf8')
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, example = '']) => example)
}

test('every part of an organisation file that docs/approvals.md shows can stand in that of the example company', async () => {
  const company = parse(await readFile('config/company.example.yaml', 'utf8'))
  const examples = await examplesIn('docs/approvals.md')
  expect(examples.length).toBeGreaterThan(4)
  for (const example of examples) {
    const sections = parse(example)
    const file = { ...company, ...sections, company: { ...company.company, ...sections.company } }
    expect(reviewOrganisation(stringify(file), 'f.yaml').warnings, example).toEqual([])
  }
})
