import { reviewPolicies } from '../policy/index.ts'
import { checkApprovers } from './check-approvers.ts'
import { crossCheck } from './cross-check.ts'
import { type Organisation, organisationOf, organisationSchema } from './organisation-schema.ts'
import { check } from './plain-words.ts'
import type { CheckedRemark } from './remarks.ts'
import { vocabularyOfFile } from './vocabulary-of-file.ts'
import { invalid, readYaml, type YamlText } from './yaml-text.ts'

export interface ReviewedOrganisation {
  organisation: Organisation
  /** What is allowed but odd: each with file, line, place and reason. */
  warnings: string[]
  /** Puts file, line and place before what else is found out about it. */
  tell: YamlText['tell']
}

/**
 * Reads an organisation file, and checks that all it refers to exists in it and that its policies can work.
 * @throws userError `organisation_invalid`: file, line, place and reason of every problem, a line each
 */
export function reviewOrganisation(text: string, file: string): ReviewedOrganisation {
  const yaml = readYaml(text, file)
  const checked = check(organisationSchema, { value: yaml.value ?? {}, writtenAt: yaml.writtenAt })
  if ('remarks' in checked) throw invalid(yaml.tell(checked.remarks))
  const organisation = organisationOf(checked.data)
  const remarks = remarksOn(organisation)
  const errors = remarks.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw invalid(yaml.tell(errors))
  return { organisation, warnings: yaml.tell(remarks), tell: yaml.tell }
}

/** What is wrong or odd in an organisation whose entries are right in themselves. */
export function remarksOn(organisation: Organisation): CheckedRemark[] {
  const { document } = organisation
  return [
    ...crossCheck(organisation),
    ...checkApprovers(organisation),
    ...(document ? reviewPolicies(document, vocabularyOfFile(organisation)) : []),
  ]
}

/** The same without what is only odd. */
export function parseOrganisation(text: string, file: string): Organisation {
  return reviewOrganisation(text, file).organisation
}
