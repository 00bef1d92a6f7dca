export type {
  ChangeOptions,
  OrganisationChanged,
} from './change-organisation.ts'
export { meaningOf, titleOf } from './describe-entry.ts'
export {
  amountField,
  amountsOf,
  type Band,
  type EntryAmounts,
  type SectionWithAmounts,
} from './entry-amounts.ts'
export { entryAsYaml, exportOrganisation, organisationInForce } from './export-organisation.ts'
export {
  type Departure,
  type ImportOptions,
  type ImportResult,
  importOrganisation,
} from './import-organisation.ts'
export {
  type ChangeableSection,
  type Entry,
  entriesOf,
  findEntry,
  fingerprintOf,
  isRemovable,
  keyOf,
  type OrganisationChange,
  type PolicySection,
} from './organisation-change.ts'
export { parseOrganisation, type ReviewedOrganisation, reviewOrganisation } from './organisation-file.ts'
export type { Organisation } from './organisation-schema.ts'
export type { PersonGap } from './person-gaps.ts'
export { type PreparedChange, prepareChange, savePreparedChange, tellGivenUp } from './prepared-changes.ts'
export { type OrganisationSummary, summarizeOrganisation } from './summarize-organisation.ts'
export { type TestedPolicy, testPolicies } from './test-policies.ts'
