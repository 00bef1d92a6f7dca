import { addDays } from '../../kernel/calendar-date.ts'
import { parseAmount } from '../../kernel/money.ts'
import { judge, type PlannedStep } from '../approvals/index.ts'
import { type Directory, homeTeamName } from '../people/index.ts'
import { limitsFor, type PolicyDocument, type PolicyTest, policyFacts } from '../policy/index.ts'
import { directoryOfFile } from './directory-of-file.ts'
import type { Organisation } from './organisation-schema.ts'

export interface TestedPolicy {
  /** Of the example. */
  name: string
  /** How it comes out otherwise than expected, a sentence each; empty when all is as expected. */
  problems: string[]
}

/** Judges each example of the file's `tests` as an expense would be judged, and compares. Needs no database. */
export function testPolicies(organisation: Organisation): TestedPolicy[] {
  const { document } = organisation
  if (!document) return []
  const directory = directoryOfFile(organisation)
  return document.tests.map((example) => {
    const outcome = outcomeOf({ organisation, document, directory }, example)
    return { name: example.name, problems: differences(example.expect, outcome, { document, directory }) }
  })
}

interface Outcome {
  policy: string
  blocked: boolean
  /** Step by step, `[]` where nobody has to be asked; null: it is refused, or nobody may decide it. */
  steps: { emails: string[]; needed: number }[] | null
  says: string[]
}

interface Setting {
  organisation: Organisation
  document: PolicyDocument
  directory: Directory
}

function outcomeOf(
  { organisation, document, directory }: Setting,
  { submitter, expense }: PolicyTest,
): Outcome {
  const { company, categories } = organisation
  const person = directory.people.find(({ email }) => email === submitter)
  if (!person) throw new Error(`${submitter} is not in the file`) // the review of the document refuses that
  const minor = (text = '0') => minorOf(text, company.currency)
  // A Wednesday, where the day does not matter.
  const date = expense.date ?? '2026-01-07'
  const facts = policyFacts({
    ...expense,
    submitter: person,
    teamNames: directory.teamNames,
    paidBy: expense.paid_by,
    reason: expense.reason ?? null,
    date,
    judgedOn: addDays(date, expense.age_days),
    currency: expense.currency ?? company.currency,
    companyMinor: minor(expense.amount),
    receipts: expense.receipt === 'present' ? 1 : 0,
    receiptAmount: expense.receipt_amount,
    spent: {
      day: minor(expense.spent_in_day),
      month: minor(expense.spent_in_month),
      year: minor(expense.spent_in_year),
    },
  })
  const periods = limitsFor(document, {
    category: expense.category,
    homeTeam: homeTeamName(directory, person),
    date,
  })
  const { verdict, plan } = judge({
    document,
    facts,
    setting: {
      currency: company.currency,
      locale: company.locale,
      categoryNames: new Map(categories.map(({ key, name }) => [key, name])),
    },
    spent: new Map(periods.map(({ limit: { key } }) => [key, minor(expense.spent[key])])),
    submitter: person,
    directory,
    categoryId: expense.category,
    isDoubtful: false,
  })
  const blocked = verdict.findings.some(({ severity }) => severity === 'blocking')
  return {
    policy: verdict.policy?.key ?? 'none',
    blocked,
    steps: blocked || 'nobody' in plan ? null : plan.steps.map(stepOf),
    says: [...new Set(verdict.findings.flatMap(({ code }) => /^(?:rule|limit):(.+)$/.exec(code)?.[1] ?? []))],
  }
}

const stepOf = ({ approvers, needed }: PlannedStep) => ({
  emails: approvers.map(({ personId }) => personId),
  needed,
})

/** `0` and `0.00` are no amount to claim, but nothing may have been spent. */
const minorOf = (text: string, currency: string) =>
  Number(text) === 0 ? 0 : parseAmount(text, currency).minor

function differences(
  expect: PolicyTest['expect'],
  outcome: Outcome,
  { document, directory }: Pick<Setting, 'document' | 'directory'>,
): string[] {
  const problems: string[] = []
  const policyName = (key: string) => document.policies.find((one) => one.key === key)?.name ?? key
  const remarkNames = (keys: string[]) =>
    keys.map((key) => [...document.rules, ...document.limits].find((one) => one.key === key)?.name ?? key)
  if (expect.policy !== undefined && expect.policy !== outcome.policy)
    problems.push(`the policy is ${policyName(outcome.policy)}; expected ${policyName(expect.policy)}`)
  if (expect.blocked !== undefined && expect.blocked !== outcome.blocked)
    problems.push(
      outcome.blocked ? 'is refused; expected that it passes' : 'passes; expected that it is refused',
    )
  if (expect.approvers && sameSteps(expect.approvers, outcome) === false)
    problems.push(
      `asks ${whoIsAsked(outcome, directory)}; expected ${inWords(
        expect.approvers.map((emails) => ({ emails, needed: 1 })),
        directory,
      )}`,
    )
  const needed = outcome.steps?.map((step) => step.needed) ?? []
  if (expect.needed && expect.needed.join() !== needed.join())
    problems.push(`needs ${needed.join(', ') || 'no'} approvals; expected ${expect.needed.join(', ')}`)
  if (expect.says && [...expect.says].sort().join() !== [...outcome.says].sort().join())
    problems.push(
      `${saying(remarkNames(outcome.says))}; expected ${remarkNames(expect.says).join(', ') || 'nothing'}`,
    )
  return problems
}

function sameSteps(expected: string[][], { steps }: Outcome): boolean {
  const key = (emails: string[]) => [...emails].sort().join()
  return (
    steps !== null &&
    steps.length === expected.length &&
    steps.every(({ emails }, index) => key(emails) === key(expected[index] ?? []))
  )
}

function whoIsAsked({ steps, blocked }: Outcome, directory: Directory): string {
  if (blocked) return 'nobody, as it is refused'
  return steps === null ? 'nobody, as nobody may decide it' : inWords(steps, directory)
}

/** `Frank Miller, then Eve Davis or Fay Adams` */
function inWords(steps: { emails: string[]; needed: number }[], { people }: Directory): string {
  const nameOf = (email: string) => people.find((person) => person.email === email)?.name ?? email
  if (steps.length === 0) return 'nobody'
  return steps
    .map(({ emails, needed }) => emails.map(nameOf).join(needed === emails.length ? ' and ' : ' or '))
    .join(', then ')
}

const saying = (names: string[]) =>
  names.length === 0 ? 'nothing is said' : `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} said`
