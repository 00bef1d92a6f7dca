import {
  Approval,
  ApprovalAsk,
  ApprovalRequest,
  ApprovalStep,
  Comment,
  StepUp,
} from './approvals/approvals.entity.ts'
import {
  Expense,
  ExpenseDelivery,
  ExpenseDocument,
  ExpenseFinding,
  ExpenseShare,
  ExpenseStatusChange,
  Merchant,
} from './expenses/expenses.entity.ts'
import { MonthClose } from './invoices/invoices.entity.ts'
import { SlackHome } from './notifications/homes.entity.ts'
import { OutgoingMail, Surface } from './notifications/notifications.entity.ts'
import {
  AccessRequest,
  Assignment,
  Category,
  Company,
  CostCentre,
  Delegation,
  Level,
  Person,
  Preference,
  Reason,
  Team,
  TeamMember,
} from './people/people.entity.ts'
import { PolicyVersion } from './policy/policy.entity.ts'
import { Reading, Receipt } from './receipts/receipts.entity.ts'

/** Every entity, for opening the database. The only file that looks into the rooms past their doors. */
export const allEntities = [
  Company,
  Team,
  Level,
  Person,
  Category,
  Reason,
  TeamMember,
  Assignment,
  AccessRequest,
  CostCentre,
  Delegation,
  Preference,
  PolicyVersion,
  Receipt,
  Reading,
  Expense,
  ExpenseStatusChange,
  ExpenseDelivery,
  ExpenseFinding,
  ExpenseShare,
  ExpenseDocument,
  Merchant,
  ApprovalRequest,
  ApprovalStep,
  Approval,
  ApprovalAsk,
  StepUp,
  Comment,
  Surface,
  OutgoingMail,
  SlackHome,
  MonthClose,
]
