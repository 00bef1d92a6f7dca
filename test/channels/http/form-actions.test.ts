import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { viewExpense } from '../../../src/features/expenses/index.ts'
import { listReasons } from '../../../src/features/people/index.ts'
import { as } from '../../support/test-database.ts'
import { grace, openPages, type Pages } from './pages-support.ts'

let pages: Pages
beforeAll(async () => {
  pages = await openPages()
})
afterAll(() => pages.close())

describe('a question by link', () => {
  test('is sent, decides nothing, and both pages go on until it is answered', async () => {
    const { id, own, theirs } = await pages.lunch()
    const asked = await pages.post(theirs, { decision: 'ask', comment: 'Who was there?' })
    expect(asked.statusCode).toBe(303)
    expect(asked.headers.location).toBe(`${theirs}?asked=1`)
    const after = await pages.get(`${theirs}?asked=1`)
    expect(after.body).toContain('Your question was sent to Grace Taylor.')
    expect(after.body).toContain('value="approve"')
    expect(await pages.statusOf(id)).toBe('awaiting_approval')

    const question = await pages.get(own)
    expect(question.body).toContain('<h1>Frank Miller has a question</h1>')
    expect(question.body).toContain('Who was there?')
    const answered = await pages.post(own, { action: 'answer', answer: 'Ann Lee & <b>Tom</b>' })
    expect(answered.statusCode).toBe(303)
    const told = await pages.get(answered.headers.location ?? '')
    expect(told.body).toContain('Your message was sent.')
    expect(told.body).toContain('<h1>Waiting for Frank Miller</h1>')

    const page = await pages.get(`${theirs}?asked=1`)
    expect(page.body).not.toContain('Your question was sent')
    expect(page.body).toContain('Ann Lee &amp; &lt;b&gt;Tom&lt;/b&gt;')
    expect((await pages.post(theirs, { decision: 'approve' })).statusCode).toBe(303)
    expect(await pages.statusOf(id)).toBe('approved')
  })

  test.each(['reject', 'send_back', 'ask'])(
    '%s without a comment is refused at the field',
    async (decision) => {
      const { id, theirs } = await pages.lunch()
      const refused = await pages.post(theirs, { decision, comment: ' \r\n ' })
      expect(refused.statusCode).toBe(422)
      expect(refused.body).toMatch(/id="comment"[^>]*aria-describedby="comment-hint comment-error"/)
      expect(refused.body).toContain('<a href="#comment">')
      expect(await pages.statusOf(id)).toBe('awaiting_approval')
      expect(await pages.commentsOn(id)).toEqual([])
    },
  )

  test('what is too long is refused at the field, and nothing of it is lost', async () => {
    const { id, own, theirs } = await pages.lunch()
    const long = 'y'.repeat(2500)
    const asked = await pages.post(theirs, { decision: 'ask', comment: long })
    expect(asked.statusCode).toBe(422)
    expect(asked.body).toContain(long)
    const said = await pages.post(own, { action: 'answer', answer: long })
    expect(said.statusCode).toBe(422)
    expect(said.body).toContain('id="answer-error"')
    expect(said.body).toContain(long)
    expect(await pages.commentsOn(id)).toEqual([])
  })

  test('cannot be put once it is decided: the page says who decided', async () => {
    const { id, theirs } = await pages.lunch()
    await pages.post(theirs, { decision: 'reject', comment: 'No' })
    const late = await pages.post(theirs, { decision: 'ask', comment: 'But why?' })
    expect(late.statusCode).toBe(409)
    expect(late.body).toContain('Frank Miller already rejected this')
    expect(await pages.commentsOn(id)).toEqual([])
  })

  test('is not answered by nothing: the box says so', async () => {
    const { id, own, theirs } = await pages.lunch()
    await pages.post(theirs, { decision: 'ask', comment: 'Why?' })
    const refused = await pages.post(own, { action: 'answer', answer: '  ' })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('<a href="#answer">')
    expect(refused.body).toContain('id="answer-error"')
    expect(await pages.commentsOn(id)).toEqual(['Why?'])
  })

  test('an answer that comes after the decision is kept, and the page does not say that somebody waits for it', async () => {
    const { id, own, theirs } = await pages.lunch()
    await pages.post(theirs, { decision: 'ask', comment: 'Why?' })
    await pages.post(theirs, { decision: 'approve' })
    const answered = await pages.post(own, { action: 'answer', answer: 'Because.' })
    const page = await pages.get(answered.headers.location ?? '')
    expect(page.body).toContain('Nobody is asked about this expense any more.')
    expect(await pages.commentsOn(id)).toEqual(['Why?', 'Because.'])
  })

  test('an answer keeps the rest of the expense as it is', async () => {
    const { id, own, theirs } = await pages.lunch()
    await pages.post(theirs, { decision: 'ask', comment: 'Why?' })
    await pages.post(own, { action: 'answer', answer: 'Because.', merchant: 'Elsewhere', amount: '1' })
    const view = await as(pages.database, grace, (tx) => viewExpense(tx, id))
    expect(view?.merchant).toMatch(/^Shop/)
    expect(view?.question).toBeNull()
  })
})

describe('opening a link', () => {
  test.each(['GET', 'HEAD'] as const)('%s decides, asks, answers and submits nothing', async (method) => {
    const { id, own, theirs } = await pages.lunch()
    const open = await pages.draft()
    for (const url of [
      `${theirs}?decision=approve&comment=x`,
      `${theirs}?decision=ask&comment=x`,
      `${theirs}?asked=1`,
      `${own}?action=answer&answer=x`,
      `${own}?action=take_back`,
      `${own}?answered=1`,
    ]) {
      expect((await pages.server.inject({ method, url })).statusCode).toBe(200)
    }
    await pages.server.inject({ method, url: `${open.own}?action=submit` })
    expect(await pages.statusOf(id)).toBe('awaiting_approval')
    expect(await pages.statusOf(open.id)).toBe('draft')
    expect(await pages.commentsOn(id)).toEqual([])
  })

  test('an address that claims a question was sent is not believed', async () => {
    const { theirs } = await pages.lunch()
    expect((await pages.get(`${theirs}?asked=1`)).body).not.toContain('question was sent')
  })
})

test('a comment with an approval is kept and shown', async () => {
  const { own, theirs } = await pages.lunch()
  await pages.post(theirs, { decision: 'approve', comment: 'Fine, but only this once.' })
  for (const url of [own, theirs]) expect((await pages.get(url)).body).toContain('Fine, but only this once.')
})

describe('the form of a submitter', () => {
  test('keeps reason and attendees, and takes them away again', async () => {
    const { id, own, form } = await pages.draft()
    const reason = (await as(pages.database, grace, (tx) => listReasons(tx))).find(
      ({ key }) => key === 'conference',
    )
    const more = { reason: reason?.id ?? '', attendees: 'Ann Lee, Tom Ray' }
    expect((await pages.post(own, { ...form, ...more, action: 'save' })).statusCode).toBe(303)
    const page = await pages.get(own)
    expect(page.body).toContain(`<option value="${reason?.id}" selected>${reason?.name}</option>`)
    expect(page.body).toContain('value="Ann Lee, Tom Ray"')
    await pages.post(own, { ...form, action: 'save', reason: '', attendees: '' })
    const view = await as(pages.database, grace, (tx) => viewExpense(tx, id))
    expect(view).toMatchObject({ reason: null, attendees: [] })
  })

  test('shows all mistakes of one post together, and keeps what was typed', async () => {
    const { id, own, form } = await pages.draft()
    const typed = {
      ...form,
      amount: 'ten',
      date: '2030-01-01',
      reason: '01a1f81d-73ec-746a-a7ea-1720f1bfa9ae',
      attendees: `Ann Lee, ${'z'.repeat(500)}`,
    }
    const refused = await pages.post(own, { ...typed, action: 'submit' })
    expect(refused.statusCode).toBe(422)
    const named = [...refused.body.matchAll(/<a href="#(\w+)">/g)].map(([, field]) => field)
    expect(named).toEqual(expect.arrayContaining(['amount', 'date', 'reason']))
    for (const field of named) expect(refused.body).toContain(`id="${field}-error"`)
    expect(refused.body).toContain('value="ten"')
    expect(refused.body).toContain('Ann Lee, zzz')
    expect(await pages.statusOf(id)).toBe('draft')
    const view = await as(pages.database, grace, (tx) => viewExpense(tx, id))
    expect(view?.merchant).toBe(form.merchant)
  })

  test('of what looks like another expense asks whether it is another one, before it is submitted', async () => {
    const first = await pages.draft()
    await pages.post(first.own, { ...first.form, action: 'submit' })
    const { id, own } = await pages.draft()
    // What is on record looks like nothing yet: it is not complete.
    await pages.database.asSuperuser('update expense set category_id = null where id = $1', [id])
    const form = { ...first.form, action: 'submit' }
    const { statusCode, body } = await pages.post(own, form)
    expect(statusCode).toBe(422)
    expect(body).toContain('<a href="#differsFrom">')
    const [, ids = ''] = /id="differsFrom"[^>]* value="([^"]+)"/.exec(body) ?? []
    expect(ids).toBe(first.id)
    expect(body).toContain('No, it is another one')
    expect((await pages.post(own, { ...form, differsFrom: ids })).statusCode).toBe(303)
    expect(await pages.statusOf(id)).toBe('awaiting_approval')
  })

  test('a single mistake is said at its field', async () => {
    const { own, form } = await pages.draft()
    const refused = await pages.post(own, { ...form, merchant: ' ', action: 'submit' })
    expect([...refused.body.matchAll(/<a href="#(\w+)">/g)].map(([, field]) => field)).toEqual(['merchant'])
  })

  test('shows who will approve and why before anything is submitted', async () => {
    const { own } = await pages.draft()
    const { body } = await pages.get(own)
    expect(body).toContain('Who will approve')
    expect(body).toContain('Frank Miller')
    expect(body).toMatch(/<p class="muted">Why: [^<]+\.<\/p>/)
  })
})
