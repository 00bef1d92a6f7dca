import type { ModalView } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { factPairs, sharesBlocks } from './facts.ts'
import { stepLines } from './steps-text.ts'
import { allFields, context, plain, quote, sections } from './text.ts'

/**
 * The other expense that one looks like, for those who look at that one: enough to tell whether it is the same, and
 * nothing of what its people wrote. `status` in words.
 */
export function twinModal(other: ExpenseView, status: string): ModalView {
  const facts = factPairs(other).filter(([label]) => label !== 'Reason' && label !== 'Attendees')
  const isDecidedOn = other.requestStatus !== null
  return {
    type: 'modal',
    title: plain(other.number, 24),
    close: plain('Close', 24),
    blocks: [
      ...allFields('facts', [
        ...facts,
        ['Submitted by', quote(other.submitter.name, 60)],
        ['Status', quote(status, 60)],
      ]),
      ...sharesBlocks(other),
      ...(isDecidedOn && other.steps.length > 0
        ? sections('steps', ['*Approval*', ...stepLines(other)])
        : []),
      context('why', 'Shown because the two look alike. Nothing is merged or removed by itself.'),
    ],
  }
}
