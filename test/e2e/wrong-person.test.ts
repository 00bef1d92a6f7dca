import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { shownButtons } from '../../src/sandbox/client.ts'
import { RunningProgram } from '../support/running-program.ts'
import { type Draft, frank, grace, homer, labels, Person, said } from './play.ts'
import { changeWorkspace, isAction, SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('requests that no client of Slack would send', () => {
  let program: RunningProgram
  let teamId = ''
  let draft: Draft
  let approvalId = ''
  let cardTs = ''
  const person = (email: string) => new Person(email, () => program.people)
  const Grace = person(grace)
  const Frank = person(frank)
  const Homer = person(homer)

  beforeAll(async () => {
    program = await RunningProgram.start()
    teamId = (await changeWorkspace(program)).teamId
    draft = await Grace.submit({ merchant: 'Secret Supplier', amount: '77.00' })
    const card = await Frank.card(draft.number)
    await Grace.reply(draft.thread, 'is waiting for Frank')
    cardTs = card.ts
    approvalId = shownButtons(card)[0]?.value ?? ''
  })
  afterAll(() => program.end())

  /** A correctly signed button press that Slack's own client would never offer. */
  async function press(who: Person, actionId: string, value: string): Promise<Response> {
    const { channel, ts } = await program.people.postMessage({
      as: who.email,
      channel: 'dm',
      text: 'hello',
    })
    return program.interact({
      type: 'block_actions',
      team: { id: teamId },
      user: { id: await who.id(), team_id: teamId },
      trigger_id: 'forged',
      container: { type: 'message', channel_id: channel, message_ts: ts },
      channel: { id: channel },
      actions: [
        {
          type: 'button',
          action_id: actionId,
          block_id: 'actions',
          action_ts: String(Date.now() / 1000),
          value,
        },
      ],
    })
  }

  /** A correctly signed form. */
  async function sendForm(
    who: Person,
    callbackId: string,
    metadata: string,
    values: Record<string, object>,
  ): Promise<{ status: number; text: string }> {
    const answer = await program.interact({
      type: 'view_submission',
      team: { id: teamId },
      user: { id: await who.id(), team_id: teamId },
      view: {
        id: 'V1',
        callback_id: callbackId,
        private_metadata: metadata,
        state: {
          values: Object.fromEntries(
            Object.entries(values).map(([block, value]) => [
              block,
              { value: { type: 'plain_text_input', ...value } },
            ]),
          ),
        },
      },
    })
    return { status: answer.status, text: await answer.text() }
  }

  const typedForm = {
    merchant: { value: 'Stolen' },
    amount: { value: '1.00' },
    currency: { value: 'USD' },
    date: { selected_date: '2026-01-15' },
    category: { selected_option: { value: '00000000-0000-4000-8000-000000000000' } },
  }

  /** Expense and card are as they were, and still work. */
  async function expectUntouched(): Promise<void> {
    await program.settle()
    expect(labels(await Frank.card(draft.number))).toEqual([
      'Approve',
      'Reject',
      'Send back',
      'Ask',
      'Details',
    ])
    const [row] = await program.sql(
      'select status, merchant_name, amount_minor::int from expense where number = $1 and merchant_name is not null',
      [draft.number],
    )
    expect(row).toEqual({
      status: 'awaiting_approval',
      merchant_name: 'Secret Supplier',
      amount_minor: 7700,
    })
    expect(await Grace.mails(draft.number)).toEqual([])
  }

  async function newest(who: Person) {
    await program.settle()
    return (await who.messages()).at(-1)
  }

  function expectNothingRevealed(text: string): void {
    expect(text).not.toMatch(/Secret Supplier|77\.00|Grace|Frank/)
    expect(text).not.toContain(draft.number)
  }

  test('a submitter who forges the approval of their own expense is told that nobody decides their own', async () => {
    expect((await press(Grace, 'approval.approve', approvalId)).status).toBe(200)
    const told = await newest(Grace)
    expect(said(told)).toContain('Nobody decides their own expense')
    expect(told).toMatchObject({ visible_to: await Grace.id() })
    await expectUntouched()
  })

  test.each(['reject', 'send_back', 'ask'])(
    'a submitter cannot %s their own expense by a forged form',
    async (verdict) => {
      const answer = await sendForm(Grace, 'approval.decide', JSON.stringify({ approvalId, verdict }), {
        comment: { value: 'mine' },
      })
      expect(answer.status).toBe(200)
      expect(answer.text).toContain('Nobody decides their own expense')
      await expectUntouched()
    },
  )

  test('a colleague who is not asked cannot decide', async () => {
    const Eve = person('eve.davis@techcorp.example')
    expect((await press(Eve, 'approval.approve', approvalId)).status).toBe(200)
    expect(said((await newest(Eve)) ?? {})).toContain('not yours to decide')
    await expectUntouched()
  })

  test('somebody of another company cannot decide, and learns nothing', async () => {
    expect((await press(Homer, 'approval.approve', approvalId)).status).toBe(200)
    const told = await newest(Homer)
    expect(told).toMatchObject({ visible_to: await Homer.id() })
    expectNothingRevealed(said(told))
    const form = await sendForm(Homer, 'approval.decide', JSON.stringify({ approvalId, verdict: 'reject' }), {
      comment: { value: 'no' },
    })
    expect(form.status).toBe(200)
    expectNothingRevealed(form.text)
    await expectUntouched()
  })

  test.each(['expense.submit', 'expense.discard', 'expense.take_back'])(
    'somebody of another company cannot use %s, and learns nothing',
    async (actionId) => {
      expect((await press(Homer, actionId, draft.id)).status).toBe(200)
      const told = await newest(Homer)
      expect(told).toMatchObject({ visible_to: await Homer.id() })
      expectNothingRevealed(said(told))
      await expectUntouched()
    },
  )

  test.each([
    ['expense.complete', () => draft.id],
    ['expense.answer', () => draft.id],
    ['expense.twin', () => `${draft.id}%20${draft.id}`],
    ['approval.details', () => approvalId],
    ['approval.ask', () => approvalId],
  ])('somebody of another company cannot open a form by %s, and learns nothing', async (actionId, value) => {
    const own = await Homer.draft()
    const wire = await SlackWire.tap(program, {
      // Slack opens the form for Homer's own press; only what was pressed is another thing.
      rewrite: (body) =>
        isAction(body, 'expense.complete')
          ? body.replaceAll(own.id, value()).replaceAll('expense.complete', actionId)
          : body,
    })
    await Homer.click(own.ts, 'expense.complete')
    const view = await program.people.waitFor(
      async () => {
        const shown = await program.people.openView(homer)
        return shown && !said(shown).includes('One moment') && shown
      },
      { what: 'an answer to the forged press' },
    )
    await wire.untap()
    expect(view.submit ?? null).toBeNull()
    expectNothingRevealed(JSON.stringify(view))
    await program.people.closeView(homer)
    await expectUntouched()
  })

  test('somebody of another company cannot save the form of an expense, and learns nothing', async () => {
    for (const thenSubmit of [false, true]) {
      const form = await sendForm(
        Homer,
        'expense.edit',
        JSON.stringify({ expenseId: draft.id, thenSubmit }),
        typedForm,
      )
      expect(form.status).toBe(200)
      expect(form.text).toMatch(/message|errors/)
      expectNothingRevealed(form.text)
    }
    await expectUntouched()
  })

  test('a colleague cannot change somebody else’s expense', async () => {
    const form = await sendForm(
      Frank,
      'expense.edit',
      JSON.stringify({ expenseId: draft.id, thenSubmit: false }),
      typedForm,
    )
    expect(form.status).toBe(200)
    expect(form.text).toContain('Only the person who submits an expense can change it')
    await expectUntouched()
  })

  test('somebody of another company can neither ask about an expense nor answer for its submitter', async () => {
    const forms: [string, object][] = [
      ['approval.decide', { approvalId, verdict: 'ask' }],
      ['expense.answer', { expenseId: draft.id }],
    ]
    for (const [form, metadata] of forms) {
      const answer = await sendForm(Homer, form, JSON.stringify(metadata), { comment: { value: 'hm?' } })
      expect(answer.status).toBe(200)
      expectNothingRevealed(answer.text)
    }
    expect(await program.sql(`select 1 from comment where text = 'hm?'`)).toEqual([])
    await expectUntouched()
  })

  test.each([
    ['the submitter', Grace],
    ['somebody of another company', Homer],
  ])('%s cannot slip an approval into the list of several', async (_, who) => {
    const option = { value: approvalId, text: { text: 'Mine' } }
    const answer = await sendForm(who, 'approval.several', '', { waiting_0: { selected_options: [option] } })
    expect(answer.status).toBe(200)
    await expectUntouched()
  })

  test('malformed forms and payloads do no harm', async () => {
    const metadata = ['', 'null', '{}', '{"expenseId":"x","thenSubmit":true}', '{"approvalId":7}']
    const forms = ['expense.edit', 'expense.answer', 'approval.decide', 'approval.several', 'no.such.form']
    const answers = await Promise.all(
      forms.flatMap((form) => metadata.map((text) => sendForm(Grace, form, text, typedForm))),
    )
    for (const { text } of answers) expectNothingRevealed(text)
    await Promise.all([
      press(Grace, 'no.such.button', approvalId),
      program.interact({ type: 'block_actions', user: { id: await Grace.id() } }),
      program.interact({ type: 'no_such_interaction' }),
      program.asSlack('{"type":"event_callback"'),
      program.asSlack('{"type":"event_callback","event":{"type":"message","files":7}}'),
      program.asSlack('payload=%7B', { type: 'application/x-www-form-urlencoded' }),
    ])
    await expectUntouched()
  })

  test('requests that Slack did not sign, or that are old, are refused', async () => {
    const payload = { type: 'block_actions' }
    const now = Math.floor(Date.now() / 1000)
    expect((await program.interact(payload, { secret: 'guess' })).status).toBe(401)
    expect((await program.interact(payload, { at: now - 600 })).status).toBe(401)
    const unsigned = await fetch(`${program.url}/slack/events`, { method: 'POST', body: '{}' })
    expect(unsigned.status).toBe(401)
    await expectUntouched()
  })

  test('after all of it the approver approves as if nothing had happened', async () => {
    const card = await Frank.card(draft.number)
    expect(card.ts).toBe(cardTs)
    await Frank.approve(draft.number)
    await Grace.mail(draft.number)
  })

  test('a second decision by a stale button is refused with the name of who decided', async () => {
    expect((await press(Frank, 'approval.approve', approvalId)).status).toBe(200)
    await sendForm(Frank, 'approval.decide', JSON.stringify({ approvalId, verdict: 'reject' }), {
      comment: { value: 'changed my mind' },
    }).then(({ text }) => expect(text).toContain('Frank Miller already approved'))
    await program.settle()
    expect(await Grace.mails(draft.number)).toHaveLength(1)
  })

  test('a button value that is no id is answered kindly, once', async () => {
    for (const actionId of ['approval.approve', 'expense.submit', 'expense.discard', 'expense.take_back']) {
      expect((await press(Grace, actionId, "' or 1=1 --")).status).toBe(200)
      // It comes to rest: nothing is tried again and again.
      const told = await newest(Grace)
      expect(told).toMatchObject({ visible_to: await Grace.id() })
    }
  })

  test('no outgoing work was given up on the way', async () => {
    await program.settle()
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  })
})
