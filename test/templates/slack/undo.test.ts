import { describe, expect, test } from 'vitest'
import type { ExpenseView } from '../../../src/features/expenses/index.ts'
import { approvalCard } from '../../../templates/slack/approval-card.ts'
import { expenseMessage } from '../../../templates/slack/expense-message.ts'
import { outcomeMessage } from '../../../templates/slack/outcome.ts'
import { undoneMessage } from '../../../templates/slack/undo.ts'
import {
  approvalId,
  askedStep,
  at,
  bobFor,
  buttons,
  decision,
  expense,
  fallen,
  later,
  readByFrank,
  step,
  undone,
  undoneId,
  words,
} from './example-view.ts'

const card = (view: Parameters<typeof expense>[0], of = approvalId, personId = 'frank') =>
  approvalCard({ ...readByFrank, expense: expense(view), approvalId: of, personId })
const decided: Partial<ExpenseView> = {
  status: 'approved',
  requestStatus: 'approved',
  steps: [step({ approved: ['Frank Miller'] })],
}
const until = new Date(at.getTime() + 86_400_000)

describe('the card of the one who decided', () => {
  test('offers to undo it as long as that is possible, says until when, and asks what it means first', () => {
    const shown = card({ ...decided, canUndo: [{ approvalId, personId: 'frank', until }] })
    expect(buttons(shown)).toEqual(['approval.undo'])
    expect(words(shown)).toMatch(/You can undo this until <!date\^1795273200\^.*Nov 21, 2026, 10:00.AM EST/)
    // Slack would write the day in a language of its own.
    const company = { ...expense().company, locale: 'de-DE', isNotSlacks: true }
    const german = card({ ...decided, company, canUndo: [{ approvalId, personId: 'frank', until }] })
    expect(words(german)).toMatch(/bis (zum )?21\. Nov\. 2026, 10:00/)
    const block = shown.blocks.find(({ type }) => type === 'actions')
    expect(block).toMatchObject({
      elements: [
        { value: approvalId, confirm: { text: { text: expect.stringContaining('goes back to you') } } },
      ],
    })
  })

  test('has no button for what somebody else could undo, nor when it is over', () => {
    expect(buttons(card({ ...decided, canUndo: [{ approvalId: 'eve', personId: 'eve', until }] }))).toEqual(
      [],
    )
    expect(buttons(card(decided))).toEqual([])
  })
})

describe('the card of a decision that was undone', () => {
  const both = [undone({ comment: 'Wrong\none' }), fallen()]

  test('says to the one who took it back so, and that a new message asks', () => {
    const shown = card({ undone: both }, undoneId)
    expect(shown.text).toMatch(
      /^You took back your approval of EXP-2026-0042, Nov 20, 2026, 11:00.AM EST, in Slack\. A new/,
    )
    expect(words(shown)).toContain('>Wrong\n>one')
    expect(buttons(shown)).toEqual([])
  })

  test('says who is asked to a delegate who decides no more', () => {
    const byBob = decision('Bob Smith', { onBehalfOf: 'Frank Miller' })
    const taken = undone({ decided: byBob, by: 'Bob Smith', byId: 'bob' })
    const after = card({ undone: [taken] }, undoneId, 'bob')
    expect(after.text).toMatch(/^You took back your approval .* Frank Miller is asked now\./)
    const still = card({ undone: [taken], steps: [askedStep([bobFor('Frank Miller')])] }, undoneId, 'bob')
    expect(still.text).toContain('A new message asks you again.')
    const given = step({ approved: ['Frank Miller'] })
    const approvers = given.approvers.map((one) => ({ ...one, decided: byBob }))
    const before = card(
      { ...decided, steps: [{ ...given, approvers }], canUndo: [{ approvalId, personId: 'bob', until }] },
      approvalId,
      'bob',
    )
    const asked = 'It goes back to Frank Miller, or whoever decides for them then, for a decision.'
    expect(JSON.stringify(before)).toContain(asked)
  })

  test('says to the one whose decision fell with it whose doing that is', () => {
    const shown = card({ undone: both }, 'eve', 'eve')
    expect(shown.text).toContain('Your approval of EXP-2026-0042 does not count any more')
    expect(shown.text).toContain('Frank Miller took back an earlier decision')
    expect(buttons(shown)).toEqual([])
  })

  test('says to one who had only been asked that it does not wait for them', () => {
    const shown = card({ undone: [undone(), fallen({ what: null, decided: null })] }, 'eve')
    expect(shown.text).toContain('EXP-2026-0042 is not waiting for you any more')
    expect(words(shown)).not.toContain('with it')
  })

  test.each([
    ['rejected', 'rejection'],
    ['sent_back', 'send-back'],
  ] as const)('names what was %s', (what, noun) => {
    expect(card({ undone: [undone({ what })] }, undoneId).text).toContain(`You took back your ${noun} of`)
  })
})

test('the fresh card asks, and shows what was taken back and what fell with it', () => {
  const shown = card({ undone: [undone(), fallen(), fallen({ approvalId: 'x', decided: decision('Cy C') })] })
  expect(buttons(shown)).toContain('approval.approve')
  expect(words(shown)).toMatch(
    /Approval by Frank Miller taken back, .*; with it the approval by Eve Davis and the approval by Cy C/,
  )
})

describe('the submitter', () => {
  test('gets a message that says who took back what, and what is to come', () => {
    const { text, blocks } = undoneMessage(
      expense({ undone: [undone({ what: 'rejected', comment: 'Sorry' })] }),
      { approvalId: undoneId, personId: 'grace' },
    )
    expect(text).toMatch(/^Frank Miller took back the rejection of EXP-2026-0042, Nov 20, .*decided again\./)
    expect(words({ blocks })).toContain('>Sorry')
  })

  test('sees it in the message, the decision once for each time', () => {
    const view = expense({
      undone: [
        undone(),
        fallen(),
        undone({ approvalId: 'second', at: new Date(later.getTime() + 60_000), what: 'sent_back' }),
      ],
    })
    expect(words(expenseMessage(view))).toMatch(
      /Approval by Frank Miller taken back, .*; with it the approval by Eve Davis\n.*Send-back by Frank Miller taken back/,
    )
  })

  test('still reads in the older message what had been decided, and that it was taken back', () => {
    const rejection = decision('Frank Miller', { comment: 'No budget' })
    const { text } = outcomeMessage(
      expense({ undone: [undone({ what: 'rejected', decided: rejection })] }),
      undoneId,
    )
    expect(text).toMatch(
      /was rejected by Frank Miller, Nov 20, 2026, 10:00(.|\n)*Taken back, Nov 20, 2026, 11:00/,
    )
  })
})

test('who took something back of two steps at once is told of the one that they took back', () => {
  const second = fallen({ personId: 'frank', name: 'Frank Miller', approvalId: 'second' })
  const shown = card({ undone: [undone(), second] }, 'second')
  expect(shown.text).toContain('does not count any more')
  expect(card({ undone: [undone(), second] }, undoneId).text).toContain('You took back your approval')
})
