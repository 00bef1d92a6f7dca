import { weekdayOf } from '../../kernel/calendar-date.ts'
import { parseAmount } from '../../kernel/money.ts'
import { type Plan, planApprovals } from '../approvals/index.ts'
import type { Directory } from '../people/index.ts'
import {
  evaluatePolicy,
  limitsFor,
  type PolicyDocument,
  type PolicyFacts,
  type PolicyTest,
  type PolicyVerdict,
} from '../policy/index.ts'
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
    const outcome = judge({ organisation, document, directory }, example)
    return { name: example.name, problems: differences(example.expect, outcome, directory) }
  })
}

interface Outcome {
  policy: string
  blocked: boolean
  /** Step by step; null: nobody may decide. */
  steps: { emails: string[]; needed: number }[] | null
  says: string[]
}

interface Setting {
  organisation: Organisation
  document: PolicyDocument
  directory: Directory
}

function judge({ organisation, document, directory }: Setting, example: PolicyTest): Outcome {
  const { company, categories } = organisation
  const facts = factsOf(organisation, example)
  const spent = new Map(
    limitsFor(document, facts).map(({ limit: { key } }) => [
      key,
      minorOf(example.expense.spent[key] ?? '0', company.currency),
    ]),
  )
  const categoryNames = new Map(categories.map(({ key, name }) => [key, name]))
  const setting = { currency: company.currency, locale: company.locale, categoryNames }
  const verdict = evaluatePolicy(document, facts, { setting, spent })
  const blocked = verdict.findings.some(({ severity }) => severity === 'blocking')
  return {
    policy: verdict.policy?.key ?? 'none',
    blocked,
    steps: blocked ? [] : stepsOf(planOf(verdict, { example, facts, directory })),
    says: verdict.findings.flatMap(({ code }) => /^(?:rule|limit):(.+)$/.exec(code)?.[1] ?? []),
  }
}

function factsOf({ company, people }: Organisation, { submitter, expense }: PolicyTest): PolicyFacts {
  const person = people.find(({ email }) => email === submitter)
  const amount = minorOf(expense.amount, company.currency)
  // A Wednesday, where the day does not matter.
  const date = expense.date ?? '2026-01-07'
  return {
    amount,
    amount_per_person: Math.ceil(amount / (expense.attendees + 1)),
    category: expense.category,
    merchant: expense.merchant,
    currency: expense.currency ?? company.currency,
    reason: expense.reason ?? null,
    note: expense.note,
    attendees: expense.attendees,
    paid_by: expense.paid_by,
    date,
    weekday: weekdayOf(date),
    age_days: expense.age_days,
    submitter,
    team: [...(person?.team === undefined ? [] : [person.team]), ...(person?.also_in ?? [])],
    level: person?.level ?? null,
    role: ['employee', ...(person?.roles.filter((role) => role !== 'employee') ?? [])],
    receipt: expense.receipt,
    receipt_amount: expense.receipt_amount,
    duplicate: expense.duplicate,
    spent_in_day: amount,
    spent_in_month: amount,
    spent_in_year: amount,
  }
}

/** `0` and `0.00` are no amount to claim, but nothing may have been spent. */
const minorOf = (text: string, currency: string) =>
  Number(text) === 0 ? 0 : parseAmount(text, currency).minor

function planOf(
  { steps, automatic }: PolicyVerdict,
  { example, facts, directory }: { example: PolicyTest; facts: PolicyFacts; directory: Directory },
): Plan {
  const submitter = directory.people.find(({ email }) => email === example.submitter)
  if (!submitter) return { nobody: true }
  // What the reading and the other expenses say against an expense keeps it from passing unseen.
  const isDoubtful = facts.duplicate !== 'none' || facts.receipt_amount === 'differs'
  const asked = automatic === null || isDoubtful ? steps : []
  return planApprovals({ steps: asked, submitter, directory, categoryId: facts.category })
}

function stepsOf(plan: Plan): Outcome['steps'] {
  if ('nobody' in plan) return null
  return plan.steps.map(({ approvers, needed }) => ({
    emails: approvers.map(({ personId }) => personId),
    needed,
  }))
}

function differences(expect: PolicyTest['expect'], outcome: Outcome, directory: Directory): string[] {
  const problems: string[] = []
  if (expect.policy !== undefined && expect.policy !== outcome.policy)
    problems.push(`the policy is ${outcome.policy}; expected ${expect.policy}`)
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
  if (expect.says && [...expect.says].sort().join() !== [...outcome.says].sort().join())
    problems.push(`${saying(outcome.says)}; expected ${expect.says.join(', ') || 'nothing'}`)
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

const saying = (keys: string[]) =>
  keys.length === 0 ? 'nothing is said' : `${keys.join(', ')} ${keys.length === 1 ? 'is' : 'are'} said`
