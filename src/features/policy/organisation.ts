import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { userError } from '../../kernel/errors.ts'
import { bandOf, currencyCode, policySchema, timeZoneName } from './policy.ts'

const email = z.email('must be an e-mail address').toLowerCase()
const key = z.string().regex(/^[a-z0-9_]+$/, 'must be lower-case letters, digits and _')
const name = z.string().trim().min(1, 'must not be empty').max(200)

/** The organisation of one company as its YAML file states it. See config/company.example.yaml. */
export const organisationSchema = z.strictObject({
  company: z.strictObject({
    name,
    currency: currencyCode,
    time_zone: timeZoneName,
    locale: z.string().default('en-US'),
    intake: email.optional(),
  }),
  teams: z.array(z.strictObject({ name, company_wide: z.boolean().default(false) })).default([]),
  levels: z
    .array(z.strictObject({ rank: z.number().int().positive(), name, team: z.string().optional() }))
    .default([]),
  categories: z.array(z.strictObject({ key, name, keywords: z.array(z.string()).default([]) })).default([]),
  reasons: z.array(z.strictObject({ key, name })).default([]),
  people: z
    .array(
      z.strictObject({
        name,
        email,
        team: z.string().optional(),
        level: z.number().int().positive().optional(),
        manager: email.optional(),
        roles: z.array(z.enum(['employee', 'manager', 'finance', 'admin'])).default([]),
        time_zone: timeZoneName.optional(),
        active: z.boolean().default(true),
      }),
    )
    .default([]),
  /** Left out: the policies in force stay. */
  policies: z.array(policySchema).optional(),
})
export type Organisation = z.infer<typeof organisationSchema>

/**
 * Reads an organisation file and checks that all it refers to exists in it.
 * @throws userError `organisation_invalid`; the message names file, line and reason of every problem.
 */
export function parseOrganisation(text: string, file: string): Organisation {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [syntax] = document.errors
  if (syntax)
    throw invalid([`${file}:${lines.linePos(syntax.pos[0]).line}: ${syntax.message.split('\n')[0]}`])
  const lineOf = (path: PropertyKey[]): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      if (node && typeof node === 'object' && 'range' in node && Array.isArray(node.range)) {
        return lines.linePos(node.range[0]).line
      }
    }
    return 1
  }
  const at = (path: PropertyKey[], reason: string) =>
    `${file}:${lineOf(path)}: ${path.join('.') || 'file'} ${reason}`
  const parsed = organisationSchema.safeParse(document.toJS())
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => at(issue.path, issue.message)))
  const problems = crossCheck(parsed.data).map(({ path, reason }) => at(path, reason))
  if (problems.length > 0) throw invalid(problems)
  return parsed.data
}

interface Problem {
  path: PropertyKey[]
  reason: string
}

/** References that lead nowhere, and things named twice. */
function crossCheck(organisation: Organisation): Problem[] {
  const problems: Problem[] = []
  const policies = organisation.policies ?? []
  const teams = new Set(organisation.teams.map((team) => team.name))
  const categories = new Set(organisation.categories.map((category) => category.key))
  const emails = new Set(organisation.people.map((person) => person.email))
  const ranks = new Set(organisation.levels.map((level) => level.rank))
  const need = (known: Set<unknown>, value: unknown, path: PropertyKey[], kind: string) => {
    if (value !== undefined && !known.has(value))
      problems.push({ path, reason: `names the ${kind} “${value}”, which is not in this file` })
  }
  const once = (
    section: 'teams' | 'levels' | 'categories' | 'reasons' | 'people' | 'policies',
    keys: string[],
  ) => {
    keys.forEach((value, index) => {
      if (keys.indexOf(value) < index) problems.push({ path: [section, index], reason: `repeats “${value}”` })
    })
  }
  once(
    'teams',
    organisation.teams.map((team) => team.name),
  )
  once(
    'categories',
    organisation.categories.map((category) => category.key),
  )
  once(
    'levels',
    organisation.levels.map(({ rank, team }) => `${rank}${team ? ` of ${team}` : ''}`),
  )
  once(
    'reasons',
    organisation.reasons.map((reason) => reason.key),
  )
  once(
    'people',
    organisation.people.map((person) => person.email),
  )
  once(
    'policies',
    policies.map((policy) => policy.key),
  )
  organisation.levels.forEach((level, index) => {
    need(teams, level.team, ['levels', index, 'team'], 'team')
  })
  organisation.people.forEach((person, index) => {
    need(teams, person.team, ['people', index, 'team'], 'team')
    need(ranks, person.level, ['people', index, 'level'], 'level')
    need(emails, person.manager, ['people', index, 'manager'], 'manager')
  })
  policies.forEach((policy, index) => {
    for (const category of policy.categories)
      need(categories, category, ['policies', index, 'category'], 'category')
    policy.steps.forEach((step, position) => {
      const path = ['policies', index, 'steps', position]
      need(ranks, step.level, [...path, 'level'], 'level')
      if (typeof step.scope === 'object') need(teams, step.scope.team, [...path, 'scope'], 'team')
    })
    problems.push(...checkBand(organisation, index))
  })
  return problems
}

function checkBand(organisation: Organisation, index: number): Problem[] {
  const policy = organisation.policies?.[index]
  if (!policy) return []
  try {
    const { over, upTo } = bandOf(policy, organisation.company.currency)
    if (over < upTo) return []
    return [{ path: ['policies', index, 'up_to'], reason: 'must be more than “over”' }]
  } catch (error) {
    return [{ path: ['policies', index], reason: error instanceof Error ? error.message : String(error) }]
  }
}

function invalid(problems: string[]): Error {
  return userError('organisation_invalid', problems.join('\n'), { details: { problems } })
}
