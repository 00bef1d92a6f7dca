import { describe, expect, test } from 'vitest'
import { approvalCard } from '../../../templates/slack/approval-card.ts'
import { commentMessage } from '../../../templates/slack/comments.ts'
import { expenseMessage } from '../../../templates/slack/expense-message.ts'
import { outcomeMessage } from '../../../templates/slack/outcome.ts'
import {
  approvalId,
  buttons,
  comment,
  decision,
  discussed,
  draft,
  expense,
  finding,
  happened,
  readByFrank,
  step,
  words,
} from './example-view.ts'

const card = (view: Parameters<typeof expense>[0] = {}) =>
  approvalCard({ ...readByFrank, expense: expense(view), slackFileId: 'F1' })

describe('the approver’s card', () => {
  const decisions = [
    'approval.approve',
    'approval.reject',
    'approval.send_back',
    'approval.ask',
    'approval.details',
  ]

  test('leads with who asks and for how much, and offers the decisions', () => {
    expect(card().text).toContain('Grace Taylor asks for your approval')
    expect(words(card()).split('\n')[0]).toContain('USD 12.50')
    expect(buttons(card())).toEqual(decisions)
    expect(words(card())).toContain('You are asked because the policy asks for the level Manager.')
  })

  test('shows what warns or blocks before everything else, the gravest first', () => {
    const findings = [finding('info', 'fine'), finding('warning', 'odd'), finding('blocking', 'forbidden')]
    expect(words(card({ findings }))).toMatch(/forbidden\n.*odd\n\*Merchant\*\n(.*\n)*. fine/)
  })

  test('offers to show the expense that this one looks like', () => {
    const twin = { ...finding('warning', 'Same as EXP-2026-0041.'), relatedExpenseId: 'other' }
    const shown = card({ findings: [finding('warning', 'odd'), twin, finding('info', 'fine')] })
    expect(words(shown)).toMatch(/:warning: odd\n:warning: Same as EXP-2026-0041\.\nShow it/)
    expect(buttons(shown)[0]).toBe('expense.twin')
    expect(JSON.stringify(shown.blocks)).toContain(`"value":"${expense().id} other"`)
  })

  test('shows reason and attendees where there are some', () => {
    const shown = words(
      card({ reason: { id: 'r', name: 'Client meeting' }, attendees: ['Ann Lee', 'Bob Ray'] }),
    )
    expect(shown).toContain('*Reason*\nClient meeting')
    expect(shown).toContain('*Attendees*\nAnn Lee, Bob Ray')
    expect(words(card())).not.toMatch(/Reason|Attendees/)
  })

  test('shows the latest two comments', () => {
    const said = [
      comment('question', 'Frank Miller', 'One?'),
      comment('comment', 'Grace Taylor', 'Two\nlines'),
      comment('comment', 'Fay Adams', 'Three'),
    ]
    const shown = words(approvalCard({ ...readByFrank, expense: discussed(said) }))
    expect(shown).not.toContain('One?')
    expect(shown).toMatch(/\*Grace Taylor answered\*, .*\n>Two\n>lines/)
    expect(shown).toMatch(/\*Fay Adams wrote\*, .*\n>Three/)
  })

  test.each([
    ['approved', 'approved'],
    ['rejected', 'rejected'],
    ['sent_back', 'sent back'],
  ] as const)('once %s it says who and why, and has no live button', (status, verb) => {
    const decided = step({ [status]: ['Eve Davis'] })
    const why = decision('Eve Davis', { comment: 'Because\nof this' })
    const steps = [{ ...decided, approvers: decided.approvers.map((one) => ({ ...one, decided: why })) }]
    const closed = card({ status, requestStatus: status, steps })
    expect(closed.text).toContain(`was ${verb} by Eve Davis`)
    expect(words(closed)).toContain('>Because\n>of this')
    expect(buttons(closed)).toEqual([])
  })

  test.each([
    ['it is not this approver’s turn', { steps: [step({ waiting: ['Frank Miller'] })] }, 'nothing to decide'],
    [
      'the request was taken back',
      { status: 'draft', requestStatus: 'withdrawn' } as const,
      'taken back by Grace Taylor',
    ],
    [
      'nobody is left to decide',
      { status: 'blocked', requestStatus: 'withdrawn' } as const,
      'cannot go on as it is',
    ],
    [
      'somebody else decides now',
      { steps: [step({ moved: ['Frank Miller'], asked: ['Eve Davis'] }, { status: 'open' })] },
      'Somebody else decides EXP-2026-0042',
    ],
  ])('has no buttons when %s, and says so', (_, change, sentence) => {
    expect(buttons(card(change))).toEqual([])
    expect(words(card(change))).toContain(sentence)
  })
})

describe('the steps say how many must agree', () => {
  const line = (...given: Parameters<typeof step>) =>
    words(card({ steps: [step({ asked: ['Zoe Zed'] }), step(...given)] })).match(/ 2\. .*/)?.[0] ?? ''

  test.each([
    ['one person', step({ waiting: ['Ann A'] }), 'Manager confirms: Ann A'],
    ['any of two', step({ waiting: ['Ann A', 'Bob B'] }), 'any of Ann A or Bob B'],
    ['all of two', step({ waiting: ['Ann A', 'Bob B'] }, { needed: 2 }), 'all of Ann A and Bob B'],
    [
      'two of three',
      step({ waiting: ['Ann A', 'Bob B', 'Cy C'] }, { needed: 2 }),
      '2 of Ann A, Bob B and Cy C',
    ],
    ['many', step({ waiting: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'] }), 'any of A, B, C, D, E or 3 others'],
  ])('%s', (_, given, sentence) => {
    expect(words(card({ steps: [step({ asked: ['Zoe Zed'] }), given] }))).toContain(sentence)
  })

  test('who decided already, and who is still to come', () => {
    const open = { needed: 3, status: 'open' }
    expect(line({ approved: ['Ann A'], asked: ['Bob B', 'Cy C'] }, open)).toMatch(
      /approved by Ann A, .*; still to come: all of Bob B and Cy C, asked since Tue, Nov 17$/,
    )
    expect(line({ approved: ['Ann A'], asked: ['Bob B', 'Cy C'] }, { ...open, needed: 2 })).toMatch(
      /; still to come: any of Bob B or Cy C, asked/,
    )
  })

  test('optional steps, skipped ones and those who were replaced', () => {
    expect(line({ waiting: ['Ann A'] }, { required: false })).toContain('Manager confirms (optional): Ann A')
    expect(line({ waiting: ['Ann A'] }, { status: 'skipped' })).toContain('nobody is asked any more')
    const optional = step({ waiting: ['Ann A'] }, { status: 'skipped', required: false })
    const approved = expense({ status: 'approved', requestStatus: 'approved', steps: [optional] })
    expect(words(expenseMessage(approved))).toContain('Manager confirms (optional): approved without it')
    expect(line({ moved: ['Ann A'], asked: ['Bob B'] }, { status: 'open' })).toMatch(/: Bob B, asked since/)
  })

  test('of what the submitter waits for', () => {
    const title = (...steps: ReturnType<typeof step>[]) => expenseMessage(expense({ steps })).text
    expect(title(step({ asked: ['Ann A', 'Bob B'] }))).toContain('waiting for Ann A or Bob B')
    expect(title(step({ asked: ['Ann A', 'Bob B'] }, { needed: 2 }))).toContain('waiting for Ann A and Bob B')
    expect(title(step({ asked: ['Opt'] }, { required: false }), step({ asked: ['Ann A'] }))).toContain(
      'waiting for Ann A.',
    )
  })
})

describe('the submitter’s message', () => {
  test('shows what policy says with the gravest first, also where it names another expense', () => {
    const twin = { ...finding('warning', 'twin'), relatedExpenseId: 'other' }
    const findings = [finding('info', 'fine'), twin, finding('blocking', 'forbidden')]
    expect(words(expenseMessage(draft({ findings })))).toMatch(/forbidden\n.*twin\nShow it\n. fine/)
  })

  test('shows Submit, Edit and Discard on a draft; Submit opens the form when something is missing', () => {
    expect(buttons(expenseMessage(draft()))).toEqual(['expense.submit', 'expense.edit', 'expense.discard'])
    expect(buttons(expenseMessage(draft({ date: null, missing: ['date'] })))[0]).toBe('expense.complete')
  })

  test('marks what was read without certainty once nobody can change it any more', () => {
    expect(words(expenseMessage(expense({ uncertain: ['amount'] })))).toContain('please check')
  })

  test('says that it is reading, and nothing else, while there is nothing to show', () => {
    const reading = draft({
      missing: ['merchant', 'amount'],
      receipts: [{ id: 'r', fileName: 'r.jpg', status: 'waiting', problem: null, rendition: null }],
    })
    expect(expenseMessage(reading).text).toContain('Reading your receipt')
    expect(buttons(expenseMessage(reading))).toEqual(['expense.discard'])
  })

  test('says before submitting why each person would be asked, and does not repeat it afterwards', () => {
    expect(words(expenseMessage(draft()))).toMatch(
      /1\. Manager confirms: Frank Miller\n_because the policy asks for the level Manager_/,
    )
    expect(words(expenseMessage(expense()))).not.toContain('because')
  })

  test('names who is asked for which reason where the reasons differ', () => {
    const planned = step({ planned: ['Frank Miller', 'Fay Adams'] })
    const [, fay] = planned.approvers
    if (fay) fay.because = 'finance decides'
    expect(words(expenseMessage(draft({ steps: [planned] })))).toContain(
      '_Frank Miller: the policy asks for the level Manager; Fay Adams: finance decides_',
    )
  })

  test('says that nobody has to be asked where that is so, and afterwards that nobody was', () => {
    const small = { steps: [], automatic: '4.2 Small amounts' }
    expect(words(expenseMessage(draft(small)))).toContain('Nobody has to be asked (4.2 Small amounts).')
    const done = expenseMessage(expense({ ...small, status: 'approved', requestStatus: 'approved' }))
    expect(done.text).toContain('EXP-2026-0042 is approved automatically (4.2 Small amounts).')
    expect(words(done)).not.toContain('has to be asked')
  })

  test('that looks like another one is submitted by its form, which asks, until they said that it is not', () => {
    const one = { id: 'one', number: 'EXP-2026-0001', differs: false }
    const twin = { ...finding('warning', 'Same merchant'), relatedExpenseId: 'one' }
    const asked = expenseMessage(draft({ looksLike: [one], findings: [twin] }))
    expect(buttons(asked)).toContain('expense.complete')
    const said = draft({ looksLike: [{ ...one, differs: true }], differsFrom: ['one'], findings: [twin] })
    expect(buttons(expenseMessage(said))).toContain('expense.submit')
    expect(words(expenseMessage(said))).toContain(
      'Same merchant\nGrace Taylor says that this is another one.',
    )
  })

  test('is their draft once they changed it or split it, and before that what was read', () => {
    const share = {
      category: { id: 'c', name: 'Meals' },
      costCentre: null,
      amount: { minor: 625, currency: 'USD' },
      companyAmount: null,
    }
    expect(words(expenseMessage(draft()))).toContain('here is what I read')
    for (const change of [{ confirmed: ['amount' as const] }, { shares: [share, share] }]) {
      const shown = words(expenseMessage(draft(change)))
      expect(shown).toContain('EXP-2026-0042: here is your draft.')
      expect(shown).not.toContain('I read')
    }
  })

  test('shows every open question with a button to answer it, until the answer', () => {
    const ask = [comment('question', 'Frank Miller', 'Who?'), comment('question', 'Eve Davis', 'Why?')]
    const asked = expenseMessage(discussed(ask))
    expect(words(asked)).toMatch(/\*Frank Miller asked\*, .*\n>Who\?\n.*\*Eve Davis asked\*, .*\n>Why\?/)
    expect(buttons(asked)).toEqual(['expense.answer', 'expense.take_back'])
    const answered = expenseMessage(discussed([...ask, comment('comment', 'Grace Taylor', 'Ann')]))
    expect(words(answered)).not.toContain('Who?')
    expect(buttons(answered)).toEqual(['expense.take_back'])
  })

  test('after a decision it says who decided and why, whatever happened since', () => {
    const history = [
      happened('rejected', 'Frank Miller', 'Bought\ntwice'),
      happened('objected', 'Adam Root', 'Hm'),
    ]
    const message = expenseMessage(expense({ status: 'rejected', requestStatus: 'rejected', history }))
    expect(message.text).toContain('rejected by Frank Miller')
    expect(words(message)).toContain('>Bought\n>twice')
    expect(buttons(message)).toEqual([])
  })

  test('what was sent back says why once, and names no step that nobody came to', () => {
    const steps = [
      step({ sent_back: ['Frank Miller'] }),
      step({ waiting: ['Fay Adams'] }, { status: 'skipped' }),
    ]
    for (const approver of steps.flatMap(({ approvers }) => approvers))
      if (approver.decided) approver.decided.comment = 'Which client?'
    const history = [happened('sent_back', 'Frank Miller', 'Which client?')]
    const sentBack = { status: 'sent_back', requestStatus: 'sent_back', steps, history } as const
    for (const shown of [expenseMessage(expense(sentBack)), card(sentBack)]) {
      expect(words(shown).match(/Which client\?/g)).toHaveLength(1)
      expect(words(shown)).toContain('1. Manager confirms: sent back by Frank Miller')
      expect(words(shown)).not.toContain('Fay Adams')
    }
  })

  test('says what to do about a receipt that is not there, as long as one can be added', () => {
    const none = {
      code: 'no_receipt',
      severity: 'warning' as const,
      message: 'There is no receipt.',
      clause: null,
    }
    const about = { when: {}, currency: 'USD', categories: {} }
    const ruled = {
      ...none,
      code: 'rule:receipts',
      said: { kind: 'rule_requires' as const, facts: { missing: ['receipt' as const], about } },
    }
    const bare = { kind: 'receipt' as const, receipts: [] }
    for (const one of [none, ruled]) {
      const shown = (change: Parameters<typeof draft>[0]) =>
        words(expenseMessage(draft({ ...bare, findings: [one], ...change })))
      expect(shown({})).toContain('There is no receipt. Drop it in this thread.')
      expect(shown({ status: 'sent_back' })).toContain('Drop it in this thread.')
      expect(shown({ status: 'awaiting_approval' })).not.toContain('Drop it')
      expect(shown({ company: { ...expense().company, locale: 'de-DE' } })).toContain(
        'Schicken Sie ihn hier im Thread.',
      )
    }
    expect(words(card({ ...bare, findings: [none] }))).not.toContain('Drop it')
    const other = finding('warning', 'This is old.')
    expect(words(expenseMessage(draft({ ...bare, findings: [other] })))).not.toContain('Drop it')
  })
})

describe('a comment as a message of its own', () => {
  const question = comment('question', 'Frank Miller', 'Which client?\nAnd why?')
  const answer = comment('comment', 'Grace Taylor', 'Globex')

  test('asks the submitter, with a button to answer', () => {
    const message = commentMessage(discussed([question]), question)
    expect(message.text).toContain('Frank Miller asks about EXP-2026-0042: Which client? And why?')
    expect(words(message)).toContain('>Which client?\n>And why?')
    expect(words(message)).toContain('EXP-2026-0042, Corner Shop, USD 12.50, Nov 17, 2026')
    expect(buttons(message)).toEqual(['expense.answer'])
  })

  test('keeps the button of an older question for as long as nothing was answered', () => {
    const newer = comment('question', 'Eve Davis', 'And?')
    expect(buttons(commentMessage(discussed([question, newer]), question))).toEqual(['expense.answer'])
  })

  test('shows the answer in place of the button', () => {
    const message = commentMessage(discussed([question, answer]), question)
    expect(buttons(message)).toEqual([])
    expect(words(message)).toContain('Answered: Globex')
  })

  test('has nothing to answer once it was decided', () => {
    const decided = discussed([question], { status: 'approved', requestStatus: 'approved', question: null })
    expect(buttons(commentMessage(decided, question))).toEqual([])
    expect(words(commentMessage(decided, question))).toContain('nothing to answer any more')
  })

  test('tells the approver who answered what', () => {
    const message = commentMessage(discussed([question, answer]), answer)
    expect(message.text).toContain('Grace Taylor answered about EXP-2026-0042: Globex')
    expect(buttons(message)).toEqual([])
  })

  test('is a remark where nobody had asked', () => {
    expect(commentMessage(discussed([answer]), answer).text).toContain('Grace Taylor wrote about')
  })
})

test('an outcome says who decided, in words without marks for whoever hears it read', () => {
  const steps = [step({ approved: ['Frank Miller'] })]
  const { text } = outcomeMessage(
    expense({ status: 'approved', requestStatus: 'approved', steps }),
    approvalId,
  )
  expect(text).toMatch(/^EXP-2026-0042 was approved by Frank Miller, Nov 20, 2026, 10:00\sAM EST, in Slack\./)
})

describe('the card of somebody who decided', () => {
  test('names who ended it after them, and that they had approved it', () => {
    const steps = [
      step({ approved: ['Fay Adams'], rejected: ['Finn Gray'] }, { needed: 2, status: 'rejected' }),
    ]
    const rejected = expense({ status: 'rejected', requestStatus: 'rejected', steps })
    const shown = words(approvalCard({ ...readByFrank, expense: rejected, personId: 'fay' }))
    expect(shown.split('\n')[0]).toMatch(/was rejected by Finn Gray/)
    expect(shown).toContain('You had approved it.')
    expect(shown).toContain('approved by Fay Adams')
  })

  test('says for whom it waits now', () => {
    const steps = [
      step({ approved: ['Frank Miller'] }),
      { ...step({}), approvers: step({ asked: ['Eve Davis'] }).approvers, status: 'open' },
    ]
    for (const { approvers } of steps.slice(1)) for (const one of approvers) one.approvalId = 'eve'
    expect(words(card({ steps }))).toContain('Now waiting for Eve Davis.')
  })

  test('calls an objection in an optional step an objection, with its reason', () => {
    const optional = step({ rejected: ['Fay Adams'] }, { required: false, status: 'rejected' })
    for (const one of optional.approvers) one.decided = decision('Fay Adams', { comment: 'Too dear' })
    const shown = words(card({ steps: [optional] }))
    expect(shown).toContain('Fay Adams objected to EXP-2026-0042')
    expect(shown).toContain('Too dear')
    expect(shown).not.toContain('rejected by')
  })
})

test('what a receipt says stays text: no bold words, emoji or broken quotes', () => {
  const shown = card({ merchant: '*ramen* :x: _bar_ ~no~ `code` IMG_20_41' })
  // The picture's description is plain text.
  const blocks = JSON.stringify(shown.blocks.filter(({ type }) => type !== 'image'))
  expect(blocks).not.toMatch(/\*ramen\*|:x:|_bar_|~no~|`code`/)
  expect(blocks).toContain('IMG_20_41')
})
