import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Money } from '../../kernel/money.ts'
import type { ApprovalSummary, RequestStatus, UndoneApproval } from '../approvals/index.ts'
import type { Reader } from '../people/index.ts'
import type { Finding } from '../policy/index.ts'
import type { LooksLike } from './another-one.ts'
import type { Calculation, ExpenseField, ExpenseKind, ExpenseSource } from './expenses.entity.ts'
import type { HistoryEntry } from './history.ts'
import type { ExpenseStatus } from './status.ts'

/** Everything that cards, pages, mails and documents show of one expense, as it is now. */
export interface ExpenseView {
  id: string
  number: string
  kind: ExpenseKind
  status: ExpenseStatus
  revision: number
  source: ExpenseSource
  company: { name: string; currency: string } & Reader
  /** How the amount of a mileage or per diem was worked out. */
  calculation: Calculation | null
  /** The parts of a split expense; empty when it is not split. */
  shares: ShareView[]
  costCentre: { code: string; name: string } | null
  /** The request to spend that it draws on. */
  request: DrawnRequest | null
  /** Of a request to spend: what expenses draw on it so far. null for every other kind. */
  drawn: DrawnSummary | null
  submitter: { id: string; name: string; email: string; team: string | null }
  merchant: string | null
  category: { id: string; name: string } | null
  reason: { id: string; name: string } | null
  /** Who else was there, by name. */
  attendees: string[]
  date: CalendarDate | null
  amount: Money | null
  /** In the company's currency, where that is another one. */
  companyAmount: Money | null
  rate: { value: string; date: CalendarDate } | null
  tax: Money | null
  note: string | null
  paidBy: 'person' | 'company'
  /** What a person typed or chose. */
  confirmed: ExpenseField[]
  /** Read without certainty and not confirmed yet. */
  uncertain: ExpenseField[]
  missing: ExpenseField[]
  policy: { name: string; version: number } | null
  findings: Finding[]
  /** As long as it is not submitted: what it looks like, of which the submitter says that it is another one. */
  looksLike: LooksLike[]
  /** Of which they said so once, by id. */
  differsFrom: string[]
  /** The approval steps: planned on a draft, real once it is submitted. Empty and `automatic` set: nobody is asked. */
  steps: StepView[]
  /** The clause under which it is (or on a draft: would be) approved without asking anybody. */
  automatic: string | null
  requestStatus: RequestStatus | null
  /** Approvals of this request that count no more. They stand in no step. */
  undone: UndoneView[]
  /** It is worth so much that whoever decides proves first, by a code, that it is them. */
  needsCode: boolean
  /** The decisions that can be taken back at this moment. See `undoable`. */
  canUndo: { approvalId: string; personId: string; until: Date }[]
  /** How often it was approved. */
  round: number
  receipts: ReceiptView[]
  history: HistoryEntry[]
  /** Everything that was asked and said about it, oldest first. */
  comments: CommentView[]
  /** The newest question to the submitter, as long as they have not answered. */
  question: CommentView | null
  submittedAt: Date | null
  completedAt: Date | null
}

/** A part of a split expense. */
export interface ShareView {
  category: { id: string; name: string }
  costCentre: { code: string; name: string } | null
  amount: Money
  /** In the company's currency, where that is another one. */
  companyAmount: Money | null
}

/** A request to spend that an expense draws on. Amounts are in the company's currency. */
export interface DrawnRequest {
  id: string
  number: string
  merchant: string
  approved: Money
  /** What this expense may still take of it. Never below zero. */
  left: Money
}

/** An approved request to spend, with what expenses draw on it. */
export interface HeldRequest extends DrawnRequest {
  used: Money
}

/** What has become of an approved request to spend. Amounts are in the company's currency. */
export interface DrawnSummary {
  used: Money
  left: Money
  expenses: { id: string; number: string; amount: Money; status: ExpenseStatus }[]
}

export interface StepView {
  description: string
  required: boolean
  /** How many of the approvers must agree. */
  needed: number
  status: string
  approvers: {
    approvalId: string | null
    personId: string
    name: string
    because: string
    reason?: ApprovalSummary['reason']
    status: string
    askedAt: ApprovalSummary['askedAt']
    /** Who is asked now, with those who are asked in the approver's place or besides. */
    asks: ApprovalSummary['asks']
    /** Everybody who may decide it now, by id. */
    mayDecide: ApprovalSummary['mayDecide']
    decided: ApprovalSummary['decided']
  }[]
}

/** An approval that counts no more, with the one that stands for it now (`freshId`). */
export interface UndoneView extends Omit<UndoneApproval, 'id' | 'approverId' | 'approver'> {
  approvalId: string
  /** The approver. */
  personId: string
  name: string
}

export interface ReceiptView {
  id: string
  fileName: string
  status: 'waiting' | 'read' | 'unreadable'
  problem: string | null
  rendition: { sha256: string; width: number; height: number } | null
}

export interface CommentView {
  id: string
  kind: 'question' | 'comment'
  personId: string
  who: string
  /** The approval of the one who asks. */
  approvalId: string | null
  text: string
  at: Date
  channel: string
}
