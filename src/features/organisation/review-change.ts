import { userError } from '../../kernel/errors.ts'
import type { AppliedChange } from './apply-change.ts'
import { titleOf } from './describe-entry.ts'
import {
  changeableSections,
  entriesOf,
  isPolicySection,
  type OrganisationChange,
} from './organisation-change.ts'
import { remarksOn } from './organisation-file.ts'
import { type Organisation, sectionsOf } from './organisation-schema.ts'
import { asSentence, fieldErrors } from './remark-fields.ts'
import type { CheckedRemark } from './remarks.ts'
import { sentence } from './yaml-text.ts'

/** More than anybody reads beside a change. */
const mostWarnings = 10

/**
 * What is odd since this change and was not before, a sentence each. What was wrong before does not keep anybody from
 * changing something else.
 * @throws userError `entry_invalid` with the fields: what is wrong since this change, such as a name that leads nowhere
 */
export function reviewChange(
  before: Organisation,
  { organisation: after, index, yaml }: AppliedChange,
  { section }: OrganisationChange,
): string[] {
  const remarks = remarksOn(apart(after))
  if (remarks.length === 0) return []
  const known = new Set(remarksOn(apart(before)).map(likeness))
  const added = remarks.filter((remark) => !known.has(likeness(remark)))
  const errors = added.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    const own = section === 'company' ? ['company'] : [section, index]
    const isOwn = ({ path }: CheckedRemark) => own.every((part, place) => path[place] === part)
    const inside = errors.filter(isOwn).map((remark) => ({ ...remark, path: remark.path.slice(own.length) }))
    if (inside.length > 0) throw fieldErrors(inside, yaml)
    const message = errors.slice(0, mostWarnings).map((remark) => told(after, remark))
    const why = message.join(' ')
    const field = isPolicySection(section) ? { field: 'text' } : {}
    throw userError('entry_invalid', why, { ...field, details: { why } })
  }
  return added.slice(0, mostWarnings).map((remark) => told(after, remark))
}

/** `Grace Taylor: manager names Frank Miller, who is not active.` What is about a whole section is a sentence already. */
function told(organisation: Organisation, { path, message }: CheckedRemark): string {
  const [name, index, ...rest] = path
  const section = changeableSections.find((one) => one === name)
  const entry = section && typeof index === 'number' ? entriesOf(organisation, section)[index] : undefined
  if (section && entry) {
    return asSentence(`${titleOf(organisation, section, entry)}: ${sentence(entry, { path: rest, message })}`)
  }
  const isSentence = !/^\p{Ll}/u.test(message)
  return asSentence(isSentence ? message : sentence(sectionsOf(organisation), { path, message }))
}

/** Delegations are not changed this way, and end by themselves where somebody leaves. */
const apart = (organisation: Organisation): Organisation => ({ ...organisation, delegations: undefined })

/** The same remark, wherever its entry stands now. */
const likeness = ({ path, message }: CheckedRemark) =>
  [...path.filter((part) => typeof part === 'string'), message].join(' ')
