import type { ModalView } from '@slack/types'
import { plain, quote, section } from './text.ts'

/** Every form of Outlay, by its `callback_id`. */
export const forms = {
  edit: 'expense.edit',
  /** Starts a request to spend, mileage or a per diem. */
  start: 'expense.start',
  answer: 'expense.answer',
  decide: 'approval.decide',
  several: 'approval.several',
  delegate: 'person.delegate',
} as const

export function loadingModal(title: string): ModalView {
  return {
    type: 'modal',
    title: plain(title, 24),
    close: plain('Close', 24),
    blocks: [section('loading', ':hourglass_flowing_sand: One moment…')],
  }
}

export function messageModal(title: string, text: string): ModalView {
  return {
    type: 'modal',
    title: plain(title, 24),
    close: plain('Close', 24),
    blocks: [section('message', quote(text, 2500))],
  }
}
