import { describe, expect, test } from 'vitest'
import { type ApprovalPageView, approvalPage } from '../../../templates/pages/approval-page.ts'
import {
  approvalId,
  askOfFrank,
  at,
  bobForFrank,
  davidAbove,
  sampleAnswer,
  sampleDecision,
  sampleExpense,
  sampleFallen,
  sampleQuestion,
  sampleStep,
  sampleUndone,
  stepOf,
} from '../email/sample-expense.ts'

const render = (change: Partial<ApprovalPageView> = {}) =>
  approvalPage({
    expense: sampleExpense(),
    approvalId,
    action: '/a/token',
    anewUrl: null,
    receiptUrl: (id) => `/a/token/receipts/${id}`,
    viewer: { id: 'frank', name: 'Frank Miller' },
    standIn: null,
    delegateUrl: '/a/token/delegate',
    code: null,
    notice: null,
    comment: '',
    commentError: null,
    ...change,
  }).replaceAll('\u00a0', ' ')

const decision = (comment: string | null) => sampleDecision('Eve Davis', { comment })

describe('the page of an approver', () => {
  test('while it is asked: every fact, the receipt, and a form with four buttons', () => {
    const page = render()
    for (const part of [
      '<h1>Grace Taylor asks for your approval</h1>',
      'EUR 35.10',
      'USD 38.64',
      'Rate 1.1009 of Nov 17, 2026',
      'Harbor &amp; Pine Cafe',
      'Same merchant, date and amount as EXP-2026-0031',
      'You are asked because the policy asks for the level Manager.',
      '<form method="post" action="/a/token"',
      '<img src="/a/token/receipts/r1" width="1050" height="1400"',
      'Comment (needed to reject, send back or ask)',
    ]) {
      expect(page).toContain(part)
    }
    const buttons = [...page.matchAll(/<button[^>]* name="decision" value="(\w+)"/g)].map(
      ([, value]) => value,
    )
    expect(buttons).toEqual(['approve', 'reject', 'send_back', 'ask'])
  })

  test('has no script, no style of its own, and submits or focuses nothing by itself', () => {
    expect(render()).not.toMatch(/<script|<style|style=|autofocus|http-equiv| on\w+=/)
    expect(render()).toContain('<meta name="robots" content="noindex">')
  })

  test('a missing comment is said in a summary that leads to the field, and at the field', () => {
    const page = render({ commentError: 'Please say why, in a few words.' })
    expect(page).toContain('<title>Error: ')
    expect(page).toContain('<a href="#comment">Please say why, in a few words.</a>')
    expect(page).toMatch(
      /id="comment"[^>]*aria-describedby="comment-hint comment-error"[^>]*aria-invalid="true"/,
    )
    expect(page).toContain('id="comment-error"')
  })

  test('keeps what was typed, with its line breaks', () => {
    expect(render({ comment: '\nNot </textarea> ours' })).toContain(
      '>\n\nNot &lt;/textarea&gt; ours</textarea>',
    )
  })

  test.each([
    ['approved', 'approved'],
    ['rejected', 'rejected'],
    ['sent_back', 'sent back'],
  ] as const)('once %s it says who, when and why, and has no form', (status, verb) => {
    const steps = [sampleStep({ status, decided: decision('Because of this') })]
    const page = render({ expense: sampleExpense({ requestStatus: status, steps }) })
    expect(page).toContain(`<h1>EXP-2026-0042 was ${verb} by Eve Davis</h1>`)
    expect(page).toMatch(/Nov 20, 2026, 10:00\sAM EST/)
    expect(page.match(/Because of this/g)).toHaveLength(1)
    expect(page).not.toContain('<form')
  })

  test('says who is next when this approver agreed and others are still asked', () => {
    const next = { ...sampleStep(), approvers: sampleStep({ status: 'waiting' }).approvers }
    for (const approver of next.approvers) approver.status = 'asked'
    const steps = [sampleStep({ status: 'approved', decided: decision(null) }), next]
    expect(render({ expense: sampleExpense({ steps }) })).toContain('It is waiting for Eve Davis now.')
  })

  test('when somebody else of the step decided, names them', () => {
    const [mine] = sampleStep({ status: 'not_needed' }).approvers
    const step = sampleStep({ status: 'approved', decided: decision(null) })
    const approvers = step.approvers.map((approver) => ({ ...approver, approvalId: 'other' }))
    const steps = [{ ...step, approvers: [...(mine ? [mine] : []), ...approvers] }]
    const page = render({ expense: sampleExpense({ requestStatus: 'approved', steps }) })
    expect(page).toContain('was approved by Eve Davis')
    expect(page).not.toContain('<form')
  })

  test('says kindly that it was taken back, or that it is not this approver’s turn', () => {
    const withdrawn = sampleExpense({
      requestStatus: 'withdrawn',
      steps: [sampleStep({ status: 'not_needed' })],
    })
    expect(render({ expense: withdrawn })).toContain('was taken back by Grace Taylor')
    const later = render({ approvalId: 'later' })
    expect(later).toContain('It is not your turn yet')
    expect(later).toContain('It is waiting for Frank Miller now.')
    expect(render({ approvalId: 'unknown', expense: sampleExpense() })).toContain(
      'There is nothing to decide',
    )
    expect(`${render({ expense: withdrawn })}${later}`).not.toContain('<form')
  })

  test('shows a notice, an error as an alert', () => {
    expect(render({ notice: { kind: 'success', text: 'Done.' } })).toContain('role="status">Done.')
    expect(render({ notice: { kind: 'error', text: 'No.' } })).toContain('role="alert">No.')
  })

  test('says when there is no receipt, or when one cannot be shown', () => {
    expect(render({ expense: sampleExpense({ receipts: [] }) })).toContain('There is no receipt.')
    const broken = [
      { id: 'r', fileName: 'scan.pdf', status: 'unreadable' as const, problem: null, rendition: null },
    ]
    expect(render({ expense: sampleExpense({ receipts: broken }) })).toContain('scan.pdf cannot be shown.')
  })

  test('shows what was asked and said, oldest first, and can still be decided', () => {
    const page = render({ expense: sampleExpense({ comments: [sampleQuestion(), sampleAnswer()] }) })
    expect(page).toContain('Questions and answers')
    expect(page.indexOf('Frank Miller asked, ')).toBeLessThan(page.indexOf('Grace Taylor answered, '))
    expect(page).toContain('Who was there,<br>and which project was it for?')
    expect(page).toContain('value="approve"')
  })

  test('says of a question of the reader that no answer came yet', () => {
    const question = sampleQuestion()
    const comments = [question]
    expect(render({ expense: sampleExpense({ comments, question }) })).toContain('No answer yet.')
    const other = sampleQuestion({ approvalId: 'other' })
    expect(render({ expense: sampleExpense({ comments, question: other }) })).not.toContain('No answer yet.')
  })

  test('says of each step how many must agree, and why it asks these people; of the reader at the form', () => {
    const people = [
      { name: 'Frank Miller', personId: 'frank', approvalId, because: 'he manages Grace Taylor' },
      { name: 'Eve Davis', because: 'she approves meals' },
      { name: 'Fay Adams', because: 'she approves meals' },
    ]
    const page = render({ expense: sampleExpense({ steps: [stepOf(people, { needed: 2 })] }) })
    expect(page).toContain('waiting for 2 of Frank Miller, Eve Davis and Fay Adams')
    expect(page).toContain('Why Eve Davis and Fay Adams: she approves meals.')
    expect(page).not.toContain('Why Frank Miller')
    expect(page).toContain('You are asked because he manages Grace Taylor.')
  })

  test('to one who agreed it shows who rejected it afterwards', () => {
    const later = new Date(at.getTime() + 60_000)
    const steps = [
      stepOf(
        [
          {
            name: 'Frank Miller',
            approvalId,
            status: 'approved',
            decided: sampleDecision('Frank Miller'),
          },
          { name: 'Eve Davis', status: 'rejected', decided: { ...decision('No budget'), at: later } },
        ],
        { needed: 2, status: 'rejected' },
      ),
    ]
    const page = render({ expense: sampleExpense({ requestStatus: 'rejected', steps }) })
    expect(page).toContain('<h1>EXP-2026-0042 was rejected by Eve Davis</h1>')
    expect(page).toContain('No budget')
    expect(page).toContain('approved by Frank Miller')
  })

  test('says of an objection in an optional step that it holds nothing up', () => {
    const steps = [
      stepOf([{ name: 'Eve Davis', approvalId, status: 'rejected', decided: decision('Too much') }], {
        required: false,
      }),
      stepOf([{ name: 'Frank Miller' }]),
    ]
    const page = render({ expense: sampleExpense({ steps }) })
    expect(page).toContain('<h1>Eve Davis objected to EXP-2026-0042</h1>')
    expect(page).toContain('This holds nothing up. It is waiting for Frank Miller now.')
    expect(page).not.toContain('was rejected')
  })

  test('tells one in whose place somebody else is asked, and leaves them out of the step', () => {
    const steps = [stepOf([{ name: 'Frank Miller', approvalId, status: 'moved' }, { name: 'Eve Davis' }])]
    const page = render({ expense: sampleExpense({ steps }) })
    expect(page).toContain('<h1>Somebody else is asked in your place</h1>')
    expect(page).toContain('waiting for Eve Davis</p>')
    expect(page).not.toContain('<form')
  })
})

/** With these people asked in the first step, and these who may decide. */
function asking(asks: (typeof bobForFrank)[], mayDecide = asks.map(({ personId }) => personId)) {
  const [step = sampleStep()] = sampleExpense().steps
  const approvers = step.approvers.map((approver) => ({ ...approver, asks, mayDecide }))
  return sampleExpense({ steps: [{ ...step, approvers }] })
}

describe('the page of somebody else than the approver', () => {
  const bob = { id: 'bob', name: 'Bob Smith' }

  test('a delegate reads first in whose place they are asked, and decides', () => {
    const page = render({ expense: asking([bobForFrank], ['frank', 'bob']), viewer: bob })
    expect(page).toContain('You are asked because you decide for Frank Miller until Dec 14, 2026')
    expect(page.match(/You are asked because/g)).toHaveLength(1)
    expect(page).toContain('value="approve"')
  })

  test('an approver with a delegate reads who decides for them, and may decide', () => {
    const standIn = { name: 'Bob Smith', until: '2026-12-14' }
    const page = render({ expense: asking([bobForFrank], ['frank', 'bob']), standIn })
    expect(page).toContain('Bob Smith decides for you until Dec 14, 2026. You can still decide yourself.')
    expect(page).toContain('value="approve"')
  })

  test('an approver whose delegate is not asked about this reads nothing of them', () => {
    const standIn = { name: 'Bob Smith', until: '2026-12-14' }
    expect(render({ standIn })).not.toContain('decides for you')
  })

  test('the next one up reads who has not answered', () => {
    const page = render({ expense: asking([askOfFrank, davidAbove]), viewer: { id: 'david', name: 'David' } })
    expect(page).toContain('You are asked because Frank Miller has not answered since Tuesday, Nov 17.')
    expect(page).toContain('value="approve"')
  })

  test('a delegate whose time is over is told whom it waits for, and has nothing to press', () => {
    const page = render({ viewer: bob })
    expect(page).toContain('<h1>This is not yours to decide any more</h1>')
    expect(page).toContain('It is waiting for Frank Miller now.')
    expect(page).not.toMatch(/<form|delegate"/)
  })

  test('a decision in the place of somebody else names both', () => {
    const decided = sampleDecision('Bob Smith', { byId: 'bob', onBehalfOf: 'Frank Miller' })
    const steps = [sampleStep({ status: 'approved', decided })]
    const page = render({ expense: sampleExpense({ requestStatus: 'approved', steps }) })
    expect(page).toContain('<h1>EXP-2026-0042 was approved by Bob Smith for Frank Miller</h1>')
  })

  test('a decision is taken back by the one who made it, and by nobody else', () => {
    const decided = sampleDecision('Bob Smith', { byId: 'bob', onBehalfOf: 'Frank Miller' })
    const steps = [sampleStep({ status: 'approved', decided })]
    const canUndo = [{ approvalId, personId: 'bob', until: at }]
    const expense = sampleExpense({ requestStatus: 'approved', steps, canUndo })
    expect(render({ expense, viewer: bob })).toContain('value="undo"')
    expect(render({ expense })).not.toContain('value="undo"')
  })

  test('says of a decision that a delegate took back whose it was', () => {
    const decided = sampleDecision('Bob Smith', { byId: 'bob', onBehalfOf: 'Frank Miller' })
    const undone = sampleUndone({ decided, by: 'Bob Smith', byId: 'bob' })
    const page = render({ expense: sampleExpense({ undone: [undone] }), approvalId: 'undone' })
    expect(page).toContain('<h1>Bob Smith took back the approval</h1>')
  })
})

describe('the page that asks for a code', () => {
  const code = { verdict: 'reject', via: 'slack', error: null } as const
  const asksFor = (change: Partial<ApprovalPageView> = {}) =>
    render({ expense: sampleExpense({ needsCode: true }), comment: 'Too\nmuch', code, ...change })

  test('keeps verdict and comment, says where the code is, and offers another one', () => {
    const page = asksFor()
    expect(page).toContain('We sent a code to you in Slack. It is good for 10 minutes.')
    expect(page).toContain('Reject EUR 35.10, Harbor &amp; Pine Cafe?')
    expect(page).toContain('<input type="hidden" name="decision" value="reject">')
    expect(page).toContain('<input type="hidden" name="comment" value="Too\nmuch">')
    expect(page).toMatch(/<input id="code" name="code"[^>]*autocomplete="one-time-code"/)
    expect(page).toContain('Send another code')
    expect(page).not.toContain('value="approve"')
  })

  test('says what is wrong with a code at its field, and does not show it again', () => {
    const page = asksFor({ code: { ...code, error: 'That is not the code. You have 4 more tries.' } })
    expect(page).toContain('<a href="#code">That is not the code. You have 4 more tries.</a>')
    expect(page).toMatch(/id="code"[^>]*aria-describedby="code-error"[^>]*aria-invalid="true" value=""/)
  })

  test('of an authenticator app there is nothing to send', () => {
    const page = asksFor({ code: { ...code, via: 'app' } })
    expect(page).toContain('Your authenticator app shows the code.')
    expect(page).not.toContain('Send another code')
  })

  test('is not shown once there is nothing to decide any more', () => {
    const steps = [sampleStep({ status: 'approved', decided: decision(null) })]
    const page = asksFor({ expense: sampleExpense({ requestStatus: 'approved', steps }) })
    expect(page).not.toContain('name="code"')
  })

  test('is announced before a button is pressed', () => {
    const said = 'you need a code to decide'
    expect(render({ expense: sampleExpense({ needsCode: true }) })).toContain(said)
    expect(render()).not.toContain(said)
  })
})

describe('the page of a decision that can be taken back', () => {
  const until = new Date(at.getTime() + 86_400_000)
  const steps = [sampleStep({ status: 'approved', decided: decision(null) })]
  const canUndo = [{ approvalId, personId: 'frank', until }]
  const decided = (change = {}) => sampleExpense({ requestStatus: 'approved', steps, ...change })

  test('says until when and what follows, and posts it by one button', () => {
    const page = render({ expense: decided({ canUndo }) })
    expect(page).toContain('You can undo this until Nov 21, 2026, 10:00')
    expect(page).toContain('Later decisions are undone, too')
    expect(page.match(/<button[^>]*>/g)).toEqual(['<button name="decision" value="undo">'])
    expect(page).toMatch(/<form method="post" action="\/a\/token">/)
  })

  test('has no such button where only somebody else can take something back, or nobody any more', () => {
    const others = [{ approvalId: 'other', personId: 'eve', until }]
    for (const expense of [decided({ canUndo: others }), decided()]) {
      expect(render({ expense })).not.toContain('<form')
    }
  })
})

describe('the page of a decision that was undone', () => {
  const anewUrl = '/a/fresh'

  test('says to the one who took it back so, and leads on to where they are asked anew', () => {
    const expense = sampleExpense({ undone: [sampleUndone({ comment: 'Wrong one' }), sampleFallen()] })
    const page = render({ expense, approvalId: 'undone', anewUrl })
    expect(page).toContain('<h1>You took back your approval</h1>')
    expect(page).toContain('Wrong one')
    expect(page).toContain('<a class="button" href="/a/fresh">Look at it and decide</a>')
    expect(page).toMatch(
      /Approval by Frank Miller taken back, Nov 20, 2026, 11:00.AM EST; with it the approval by Eve Davis/,
    )
    expect(page).not.toContain('<form')
  })

  test('says to the one whose decision fell with it who took back what, and that their turn comes', () => {
    const expense = sampleExpense({ undone: [sampleUndone(), sampleFallen()] })
    const page = render({ expense, approvalId: 'fallen', viewer: { id: 'eve', name: 'Eve Davis' } })
    expect(page).toContain('<h1>Your approval does not count any more</h1>')
    expect(page).toContain('Frank Miller took back an earlier decision, Nov 20, 2026, 11:00')
    expect(page).toContain('You are asked again when it is your turn.')
    expect(page).not.toMatch(/<form|class="button"/)
  })

  test('says to one who had only been asked that it does not wait for them', () => {
    const asked = sampleFallen({ what: null, decided: null })
    const page = render({
      expense: sampleExpense({ undone: [sampleUndone(), asked] }),
      approvalId: 'fallen',
    })
    expect(page).toContain('<h1>This is not waiting for you any more</h1>')
    expect(page).not.toContain('with it')
  })

  test('leads on also when the fresh request is decided by now', () => {
    const steps = [sampleStep({ status: 'rejected', decided: decision('No') })]
    const expense = sampleExpense({ requestStatus: 'rejected', steps, undone: [sampleUndone()] })
    const page = render({ expense, approvalId: 'undone', anewUrl })
    expect(page).toContain('<a class="button" href="/a/fresh">See what became of it</a>')
  })

  test('asks on the fresh page, and shows there what was taken back', () => {
    const page = render({ expense: sampleExpense({ undone: [sampleUndone()] }) })
    expect(page).toContain('value="approve"')
    expect(page).toContain('Approval by Frank Miller taken back')
  })
})
