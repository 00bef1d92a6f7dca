import type { ExpenseView } from '../../../src/features/expenses/index.ts'

export const approvalId = '01a1f81d-73ec-746a-a7ea-1720f1bfa9ae'

/** 15:00 in UTC, 10:00 in New York. */
export const at = new Date('2026-11-20T15:00:00Z')

/** An expense of Grace's that waits for Frank and then for Eve. */
export function sampleExpense(change: Partial<ExpenseView> = {}): ExpenseView {
  return {
    id: '01a1f81d-73ec-746a-a7ea-1720f1bfa9af',
    number: 'EXP-2026-0042',
    kind: 'receipt',
    status: 'awaiting_approval',
    revision: 1,
    source: 'email',
    company: {
      name: 'TechCorp Solutions',
      currency: 'USD',
      locale: 'en-US',
      timeZone: 'America/New_York',
    },
    calculation: null,
    shares: [],
    costCentre: null,
    request: null,
    drawn: null,
    submitter: {
      id: 'grace',
      name: 'Grace Taylor',
      email: 'grace.taylor@techcorp.example',
      team: 'Technology',
    },
    merchant: 'Harbor & Pine Cafe',
    category: { id: 'meals', name: 'Meals' },
    reason: null,
    attendees: [],
    date: '2026-11-17',
    amount: { minor: 3510, currency: 'EUR' },
    companyAmount: { minor: 3864, currency: 'USD' },
    rate: { value: '1.1009', date: '2026-11-17' },
    tax: null,
    note: 'Lunch with the new supplier.\nTwo people.',
    paidBy: 'person',
    confirmed: [],
    uncertain: [],
    looksLike: [],
    differsFrom: [],
    missing: [],
    policy: { name: 'Meals and Other', version: 3 },
    findings: [
      {
        code: 'policy_applies',
        severity: 'info',
        message: 'Policy “Meals and Other”: meals up to USD 500.00.',
        clause: 'Meals and Other',
      },
      {
        code: 'duplicate_fields',
        severity: 'warning',
        message: 'Same merchant, date and amount as EXP-2026-0031 (Grace Taylor, EUR 35.10, approved).',
        clause: null,
      },
    ],
    steps: [sampleStep(), sampleStep({ status: 'waiting' })],
    automatic: null,
    requestStatus: 'open',
    undone: [],
    needsCode: false,
    canUndo: [],
    round: 0,
    receipts: [
      {
        id: 'r1',
        fileName: 'receipt.jpg',
        status: 'read',
        problem: null,
        rendition: { sha256: 'ab', width: 1050, height: 1400 },
      },
    ],
    history: [],
    comments: [],
    question: null,
    submittedAt: at,
    completedAt: null,
    ...change,
  }
}

type Step = ExpenseView['steps'][number]
type Approver = Step['approvers'][number]
type Decided = NonNullable<Approver['decided']>
type Ask = Approver['asks'][number]

/** Since when somebody is asked: Tuesday. */
export const askedAt = new Date('2026-11-17T15:00:00Z')

/** Decided by somebody in their own place, unless it says otherwise. */
export function sampleDecision(by: string, change: Partial<Decided> = {}): Decided {
  return { byId: by, by, onBehalfOf: null, at, channel: 'slack', comment: null, ...change }
}

/** Somebody who is asked, an approver unless it says otherwise. */
export function sampleAsk(name: string, change: Partial<Ask> = {}): Ask {
  const because = 'the policy asks for the level Manager'
  return {
    personId: name,
    name,
    role: 'approver',
    onBehalfOf: null,
    because,
    askedAt,
    remindedAt: null,
    ...change,
  }
}

/** Frank is asked himself. */
export const askOfFrank = sampleAsk('Frank Miller', { personId: 'frank' })

/** Bob stands in for Frank. */
export const bobForFrank = sampleAsk('Bob Smith', {
  personId: 'bob',
  role: 'delegate',
  onBehalfOf: 'Frank Miller',
  because: 'you decide for Frank Miller until Dec 14, 2026, and the policy asks for the level Manager',
})

/** David is asked besides Frank, who has not answered. */
export const davidAbove = sampleAsk('David Wilson', {
  personId: 'david',
  role: 'escalated',
  because: 'Frank Miller has not answered since Tuesday, Nov 17',
  askedAt: at,
})

/** Frank's step, open or decided by him; a step of Eve's when it is not yet her turn. */
export function sampleStep(
  { status, decided }: { status: string; decided?: Decided } = { status: 'open' },
): Step {
  const later = status === 'waiting'
  const isAsked = status === 'open'
  const [personId, name] = later ? ['eve', 'Eve Davis'] : ['frank', 'Frank Miller']
  const because = `the policy asks for the level ${later ? 'SEM' : 'Manager'}`
  return {
    description: later ? 'Senior manager approves' : 'Manager confirms',
    required: true,
    needed: 1,
    status,
    approvers: [
      {
        approvalId: later ? 'later' : approvalId,
        personId,
        name,
        because,
        status: isAsked ? 'asked' : status,
        askedAt: isAsked ? askedAt : null,
        asks: isAsked ? [sampleAsk(name, { personId, because })] : [],
        mayDecide: isAsked ? [personId] : [],
        decided: decided ?? null,
      },
    ],
  }
}

type Person = Partial<Step['approvers'][number]> & { name: string }

/** A step of several people, who are asked unless it says otherwise. */
export function stepOf(people: Person[], change: Partial<Step> = {}): Step {
  return {
    ...sampleStep(),
    ...change,
    approvers: people.map((person) => {
      const { name, personId = name, because = 'the policy asks for the level Manager' } = person
      const isAsked = (person.status ?? 'asked') === 'asked'
      return {
        approvalId: `approval of ${name}`,
        personId,
        because,
        status: 'asked',
        askedAt: null,
        asks: isAsked ? [sampleAsk(name, { personId, because })] : [],
        mayDecide: isAsked ? [personId] : [],
        decided: null,
        ...person,
      }
    }),
  }
}

type Undone = ExpenseView['undone'][number]

/** Frank's approval, which he took back an hour later: he is asked anew by the approval of the samples. */
export function sampleUndone(change: Partial<Undone> = {}): Undone {
  return {
    approvalId: 'undone',
    personId: 'frank',
    name: 'Frank Miller',
    what: 'approved',
    decided: sampleDecision('Frank Miller', { byId: 'frank' }),
    by: 'Frank Miller',
    byId: 'frank',
    at: new Date(at.getTime() + 3_600_000),
    channel: 'slack',
    comment: null,
    freshId: approvalId,
    ...change,
  }
}

/** Eve's later approval, which fell with it and waits for its turn again. */
export function sampleFallen(change: Partial<Undone> = {}): Undone {
  const decided = sampleDecision('Eve Davis', { byId: 'eve' })
  const eve = { approvalId: 'fallen', personId: 'eve', name: 'Eve Davis', decided, freshId: 'later' }
  return sampleUndone({ ...eve, ...change })
}

type Comment = ExpenseView['comments'][number]

/** Frank's question, which waits for Grace's answer. */
export function sampleQuestion(change: Partial<Comment> = {}): Comment {
  return {
    id: 'question',
    kind: 'question',
    personId: 'frank',
    who: 'Frank Miller',
    approvalId,
    text: 'Who was there,\nand which project was it for?',
    at,
    channel: 'slack',
    ...change,
  }
}

/** Grace's answer. */
export function sampleAnswer(change: Partial<Comment> = {}): Comment {
  return sampleQuestion({
    id: 'answer',
    kind: 'comment',
    personId: 'grace',
    who: 'Grace Taylor',
    approvalId: null,
    text: 'Ann Lee, for the kick-off.',
    channel: 'email',
    ...change,
  })
}

const nasty =
  "\"><img src=x onerror=alert(1)><script>alert(2)</script>' onfocus=alert(3) x='\u202e\u0000\r\n\r\nمطعم 🍕👨‍👩‍👧 "

/** What was taken back, with words that nobody should write. */
export function hostileUndone(): Undone[] {
  const words = { name: hostile, by: hostile, comment: hostile }
  return [
    sampleUndone(words),
    ...Array.from({ length: 20 }, (_, index) => sampleFallen({ ...words, approvalId: `${index}` })),
  ]
}

/** Text as nobody should write it: markup, quotes, control and direction characters, other scripts, 10,000 long. */
export const hostile = nasty + 'W'.repeat(10_000 - nasty.length)

/** An expense in which every word is hostile. */
export function hostileExpense(change: Partial<ExpenseView> = {}): ExpenseView {
  const base = sampleExpense()
  const steps = change.steps ?? base.steps
  return {
    ...base,
    company: { ...base.company, name: hostile },
    submitter: { id: hostile, name: hostile, email: hostile, team: hostile },
    merchant: hostile,
    category: { id: hostile, name: hostile },
    reason: { id: hostile, name: hostile },
    attendees: Array.from({ length: 100 }, () => hostile),
    note: `${hostile}\n`.repeat(3),
    amount: { minor: 90_000_000_000_000, currency: 'KWD' },
    companyAmount: { minor: 90_000_000_000_000, currency: 'USD' },
    uncertain: ['merchant', 'amount', 'currency', 'date', 'category'],
    receipts: Array.from({ length: 30 }, (_, index) => ({
      id: `${index}`,
      fileName: hostile,
      status: index === 0 ? ('unreadable' as const) : ('read' as const),
      problem: hostile,
      rendition: index === 0 ? null : { sha256: 'ab', width: 1050, height: 1400 },
    })),
    question: sampleQuestion({ who: hostile, text: hostile }),
    costCentre: { code: hostile, name: hostile },
    request: {
      id: hostile,
      number: 'REQ-2026-0007',
      merchant: hostile,
      approved: { minor: 90_000_000_000_000, currency: 'USD' },
      left: { minor: 90_000_000_000_000, currency: 'USD' },
    },
    ...change,
    comments: Array.from({ length: 100 }, (_, index) =>
      sampleQuestion({ id: `${index}`, who: hostile, text: `${hostile}\n`.repeat(3) }),
    ),
    findings: Array.from({ length: 30 }, (_, index) => ({
      code: 'x',
      severity: (['info', 'warning', 'blocking'] as const)[index % 3] ?? 'info',
      message: hostile,
      clause: hostile,
    })),
    steps: steps.map((step) => ({
      ...step,
      description: hostile,
      approvers: step.approvers.map((approver) => ({
        ...approver,
        name: hostile,
        because: hostile,
        asks: approver.asks.flatMap((ask) => [
          { ...ask, name: hostile, because: hostile, remindedAt: at },
          { ...ask, name: hostile, because: hostile, role: 'escalated' as const, remindedAt: at },
        ]),
        decided: approver.decided && {
          ...approver.decided,
          by: hostile,
          onBehalfOf: hostile,
          comment: hostile,
        },
      })),
    })),
    history: base.history.map((entry) => ({ ...entry, who: hostile, comment: hostile })),
  }
}
