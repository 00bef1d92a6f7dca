import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { reviewOrganisation, testPolicies } from '../../../src/features/organisation/index.ts'

describe.each(['company', 'globex'])('the policies of config/%s.example.yaml', (name) => {
  const text = readFileSync(new URL(`../../../config/${name}.example.yaml`, import.meta.url), 'utf8')
  const { organisation, warnings } = reviewOrganisation(text, name)

  test('have neither gaps nor overlaps nor anything without an effect', () => {
    expect(warnings).toEqual([])
  })
  test('do what their examples expect', () => {
    expect(
      testPolicies(organisation).flatMap(({ name, problems }) => problems.map((one) => `${name}: ${one}`)),
    ).toEqual([])
  })
})
