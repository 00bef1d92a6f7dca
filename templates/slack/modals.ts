import type { ModalView } from '@slack/types'
import { actions, actionsBlock, linkButton } from './expense-parts.ts'
import { plain, quote, section } from './text.ts'
import type { Words } from './words/index.ts'

/** Every form of Outlay, by its `callback_id`. */
export const forms = {
  edit: 'expense.edit',
  /** Starts an expense, a request to spend, mileage or a per diem. */
  start: 'expense.start',
  answer: 'expense.answer',
  decide: 'approval.decide',
  several: 'approval.several',
  delegate: 'person.delegate',
  /** One entry of the organisation; what its change means, to be saved; and a delegation of somebody else. */
  admin: 'admin.change',
  adminSave: 'admin.save',
  adminDone: 'admin.done',
  adminDelegate: 'admin.delegate',
  settings: 'person.settings',
  month: 'finance.month',
  unpaid: 'finance.unpaid',
  exportMonth: 'finance.export',
} as const

export function loadingModal(title: string, { common }: Words): ModalView {
  return {
    type: 'modal',
    title: plain(title, 24),
    close: plain(common.close, 24),
    blocks: [section('loading', `:hourglass_flowing_sand: ${common.oneMoment}`)],
  }
}

/** Says something in place of a form: what was done, or why it was not and what to do. `link`: where to go on. */
export function messageModal(
  title: string,
  text: string,
  { common }: Words,
  link: { label: string; url: string } | null = null,
): ModalView {
  return {
    type: 'modal',
    title: plain(title, 24),
    close: plain(common.close, 24),
    blocks: [
      section('message', quote(text, 2500)),
      ...(link ? [actionsBlock('link', [linkButton(actions.openMessage, link.label, link.url)])] : []),
    ],
  }
}
