import { describe, expect, test } from 'vitest'
import { approvalCard } from '../../../templates/slack/approval-card.ts'
import { type CodeMessageView, codeMessage } from '../../../templates/slack/code-message.ts'
import { detailsModal } from '../../../templates/slack/details-modal.ts'
import { expenseMessage } from '../../../templates/slack/expense-message.ts'
import { outcomeMessage } from '../../../templates/slack/outcome.ts'
import {
  approvalId,
  ask,
  askedStep,
  at,
  bobFor,
  buttons,
  decision,
  expense,
  fallen,
  readByFrank,
  step,
  undone,
  words,
} from './example-view.ts'

const card = (
  view: Parameters<typeof expense>[0],
  reader: Partial<Parameters<typeof approvalCard>[0]> = {},
) => approvalCard({ ...readByFrank, expense: expense(view), ...reader })
const top = (shown: { blocks: unknown[] }) => words({ blocks: shown.blocks.slice(0, 1) })

const delegated = { steps: [askedStep([bobFor('Frank Miller')])] }
const eve = ask('Eve Davis', {
  role: 'escalated',
  because: 'Frank Miller has not answered since Tue, Nov 17',
  askedAt: new Date('2026-11-20T15:00:00Z'),
})
const escalated = {
  steps: [askedStep([ask('Frank Miller', { remindedAt: new Date('2026-11-18T15:00:00Z') }), eve])],
}

describe('while somebody decides for the approver', () => {
  test('the delegate’s card says at once for whom, and decides', () => {
    const shown = card(delegated, { personId: 'bob' })
    expect(top(shown)).toContain('You are asked because you decide for Frank Miller until Dec 14, 2026')
    expect(buttons(shown)[0]).toBe('approval.approve')
    expect(words(shown).match(/You are asked/g)).toHaveLength(1)
  })

  test('the approver’s own card says who decides until when, and still decides', () => {
    const shown = card(delegated, { standIn: { name: 'Bob Smith', until: '2026-12-14' } })
    expect(top(shown)).toContain('Bob Smith decides for you until Dec 14, 2026. You still can, too.')
    expect(buttons(shown)[0]).toBe('approval.approve')
    expect(words(shown)).toContain('You are asked because the policy asks for the level Manager.')
  })

  test('everybody reads who is asked for whom since when', () => {
    const line = 'Manager confirms: Bob Smith (for Frank Miller), asked since Tue, Nov 17'
    expect(words(card(delegated))).toContain(line)
    expect(words(expenseMessage(expense(delegated)))).toContain(line)
    expect(expenseMessage(expense(delegated)).text).toContain('waiting for Bob Smith (for Frank Miller).')
  })

  test('whose time is over has a card without buttons that says for whom it waits', () => {
    const shown = card({}, { personId: 'bob' })
    expect(buttons(shown)).toEqual([])
    expect(top(shown)).toBe(
      '*EXP-2026-0042 is not yours to decide any more.* It is waiting for Frank Miller.',
    )
  })
})

describe('what a delegate decided', () => {
  const approved = step({ approved: ['Frank Miller'] })
  const by = decision('Bob Smith', { onBehalfOf: 'Frank Miller' })
  const done = {
    status: 'approved' as const,
    requestStatus: 'approved' as const,
    steps: [{ ...approved, approvers: approved.approvers.map((one) => ({ ...one, decided: by })) }],
    canUndo: [{ approvalId, personId: 'bob', until: at }],
  }

  test('names both, to the approver, the delegate and the submitter', () => {
    const both = 'was approved by Bob Smith for Frank Miller'
    expect(card(done).text).toContain(both)
    expect(card(done, { personId: 'bob' }).text).toContain(both)
    expect(outcomeMessage(expense(done), approvalId).text).toContain(both)
    expect(words(detailsModal(expense(done)))).toContain('approved by Bob Smith for Frank Miller')
  })

  test('is the delegate’s to undo, and not the approver’s', () => {
    expect(buttons(card(done, { personId: 'bob' }))).toEqual(['approval.undo'])
    expect(buttons(card(done))).toEqual([])
  })

  test('taken back, it is told to each as what it is to them', () => {
    const back = undone({ decided: by, by: 'Bob Smith', byId: 'bob' })
    const read = (personId: string) =>
      card({ undone: [back, fallen()] }, { approvalId: back.approvalId, personId }).text
    expect(read('bob')).toMatch(/^You took back your approval of EXP-2026-0042/)
    expect(read('frank')).toMatch(/^Bob Smith took back the approval of EXP-2026-0042/)
  })

  test('fallen with an earlier one, it is the approval by the delegate to the approver', () => {
    const later = fallen({ decided: decision('Bob Smith', { onBehalfOf: 'Eve Davis' }) })
    const read = (personId: string) =>
      card({ undone: [undone(), later] }, { approvalId: later.approvalId, personId }).text
    expect(read('bob')).toContain('Your approval of EXP-2026-0042 does not count any more')
    expect(read('eve')).toContain('The approval by Bob Smith of EXP-2026-0042 does not count any more')
  })
})

describe('when an answer takes long', () => {
  test('a reminder leads with since when it waits, and decides', () => {
    const shown = card(escalated, { isReminder: true })
    expect(top(shown)).toMatch(/^:bell: \*Still waiting for you since Tue, Nov 17\.\*\n:inbox_tray: Grace/)
    expect(shown.text).toMatch(/^Still waiting for you: Grace Taylor asks/)
    expect(buttons(shown)[0]).toBe('approval.approve')
  })

  test('a reminder of what was decided meanwhile is a closed card', () => {
    const steps = [step({ approved: ['Frank Miller'] })]
    const shown = card({ status: 'approved', requestStatus: 'approved', steps }, { isReminder: true })
    expect(words(shown)).not.toContain('Still waiting')
    expect(buttons(shown)).toEqual([])
  })

  test('the next one up reads why at the top, and everybody who was asked, reminded and asked besides', () => {
    const shown = card(escalated, { personId: 'eve' })
    expect(top(shown)).toContain('You are asked because Frank Miller has not answered since Tue, Nov 17.')
    expect(words(shown)).toContain(
      'Frank Miller, asked since Tue, Nov 17, reminded Wed, Nov 18; and Eve Davis, the next one up, since Fri, Nov 20',
    )
    expect(expenseMessage(expense(escalated)).text).toContain('waiting for Frank Miller or Eve Davis.')
  })

  test('of several in a step each reminder is named, and one day is said once', () => {
    const both = step({ asked: ['Frank Miller', 'Fay Adams'] }, { needed: 2 })
    const [, fay] = both.approvers
    if (fay) fay.asks = [ask('Fay Adams', { remindedAt: at })]
    expect(words(card({ steps: [both] }))).toContain(
      'all of Frank Miller and Fay Adams, asked since Tue, Nov 17, Fay Adams reminded Fri, Nov 20',
    )
  })

  test('the details say why the next one up is asked, and to nobody else that “you” decide', () => {
    const steps = [askedStep([bobFor('Frank Miller'), eve])]
    const shown = words(detailsModal(expense({ steps })))
    expect(shown).toContain('Eve Davis: Frank Miller has not answered since Tue, Nov 17')
    expect(shown).not.toContain('you decide')
  })
})

describe('a large amount', () => {
  test('says that it takes a code, and Approve opens a form like the others', () => {
    const shown = card({ needsCode: true })
    expect(buttons(shown)[0]).toBe('approval.approve_by_code')
    expect(words(shown)).toContain('you are asked for a code')
    expect(buttons(card({}))).not.toContain('approval.approve_by_code')
  })

  const message = (code: CodeMessageView['code']) => codeMessage({ expense: expense(), code, expiresAt: at })

  test('the code stands in the message as long as it is good, also for whoever hears it read', () => {
    expect(words(message('012345'))).toContain('Your code to decide EXP-2026-0042 is *012 345*')
    expect(message('012345').text).toBe('012 345 is your code to decide EXP-2026-0042.')
    expect(words(message('012345'))).toContain('Corner Shop, USD 12.50')
  })

  test.each([
    ['use', 'The code for EXP-2026-0042 was used.'],
    ['newer', 'The code for EXP-2026-0042 was replaced by a newer one.'],
    ['time', 'The code for EXP-2026-0042 has expired.'],
  ] as const)('and not any more when it is not (%s)', (endedBy, sentence) => {
    const shown = message({ endedBy })
    expect(shown.text).toMatch(/^The code/)
    expect(words(shown)).toContain(sentence)
    expect(JSON.stringify(shown)).not.toMatch(/\d{3} \d{3}/)
  })
})
