import type { KnownBlock, ModalView } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { decisionButtons, receiptBlock } from './approval-card.ts'
import { detailsModal } from './details-modal.ts'
import { actionsBlock } from './expense-parts.ts'

/** https://docs.slack.dev/reference/views/modal-views */
const mostBlocks = 100

export interface DetailsToDecide {
  approvalId: string
  /** Who reads it. */
  personId: string
  /** The picture of the receipt, where Slack has it. */
  slackFileId: string | null
}

/**
 * Everything about an expense, with its receipt and the buttons by which the reader decides, where it is their turn: below
 * the facts and what policy says, as on the card.
 */
export function detailsToDecide(expense: ExpenseView, reader: DetailsToDecide): ModalView {
  const modal = detailsModal(expense)
  const rest = modal.blocks.findIndex(({ block_id }) => !/^(facts|findings)/.test(block_id ?? ''))
  const end = rest === -1 ? modal.blocks.length : rest
  const inserted: KnownBlock[] = mayDecide(expense, reader)
    ? [
        actionsBlock('actions', decisionButtons(expense, reader.approvalId)),
        ...receiptBlock(expense, reader.slackFileId),
      ]
    : []
  const blocks = [...modal.blocks.slice(0, end), ...inserted, ...modal.blocks.slice(end)]
  return { ...modal, blocks: blocks.slice(0, mostBlocks) }
}

function mayDecide({ steps }: ExpenseView, { approvalId, personId }: DetailsToDecide): boolean {
  return steps
    .flatMap(({ approvers }) => approvers)
    .some(
      (one) => one.approvalId === approvalId && one.status === 'asked' && one.mayDecide.includes(personId),
    )
}
