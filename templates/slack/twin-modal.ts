import type { ModalView } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { factPairs, sharesBlocks } from './facts.ts'
import { stepLines } from './steps-text.ts'
import { allFields, context, plain, quote, sections } from './text.ts'
import { wordsOf } from './words/index.ts'

/**
 * The other expense that one looks like, for those who look at that one: enough to tell whether it is the same, and
 * nothing of what its people wrote.
 * @param isOwn whether it is the reader's own as well
 */
export function twinModal(other: ExpenseView, isOwn: boolean): ModalView {
  const { common, cards } = wordsOf(other.company.locale)
  const submitter = quote(other.submitter.name, 60)
  const isDecidedOn = other.requestStatus !== null && other.steps.length > 0
  // Their reasons are their own.
  const steps = other.steps.map((step) => ({
    ...step,
    approvers: step.approvers.map((one) => ({
      ...one,
      decided: one.decided && { ...one.decided, comment: null },
    })),
  }))
  return {
    type: 'modal',
    title: plain(other.number, 24),
    close: plain(common.close, 24),
    blocks: [
      ...allFields('facts', [
        ...factPairs(other, ['reason', 'attendees']),
        [common.fields.submittedBy, submitter],
        [common.fields.status, common.statuses[other.status]],
      ]),
      ...sharesBlocks(other),
      ...(isDecidedOn
        ? sections('steps', [`*${cards.steps.title}*`, ...stepLines({ ...other, steps })])
        : []),
      context('why', isOwn ? cards.twin.why : `${cards.twin.why} ${cards.twin.ofOther(submitter)}`),
    ],
  }
}
