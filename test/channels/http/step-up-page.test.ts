import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf } from '../../../src/features/approvals/index.ts'
import { dataKey, frank, openPages, type Pages } from './pages-support.ts'

let pages: Pages
beforeAll(async () => {
  pages = await openPages()
  await pages.database.asSuperuser('update company set step_up_over_minor = 0')
})
afterAll(() => pages.close())
beforeEach(async () => {
  // The limits of codes an hour are somebody else's tests.
  pages.database.clock.advance(2 * 86_400_000)
  await inSlack('UFRANK')
})

const inSlack = (userId: string | null) =>
  pages.database.asSuperuser('update person set slack_user_id = $1 where email = $2', [userId, frank])
const codes = async (id: string) =>
  pages.database.asSuperuser<{ id: string; via: string; attempts: number }>(
    `select s.id, s.via, s.attempts from step_up s join approval a on a.id = s.approval_id
     join approval_request r on r.id = a.request_id where r.subject_id = $1 order by s.created_at`,
    [id],
  )
const newestCode = async (id: string) => codeOf(dataKey, (await codes(id)).at(-1)?.id ?? '')
const wrongFor = (code: string) => (code === '000000' ? '111111' : '000000')

describe('a decision about much money by link', () => {
  test('first sends a code to Slack, keeps verdict and comment, and counts with the code', async () => {
    const { id, theirs } = await pages.lunch()
    expect((await pages.get(theirs)).body).toContain('you need a code to decide')
    const first = await pages.post(theirs, { decision: 'reject', comment: 'Too much\n& twice' })
    expect(first.statusCode).toBe(200)
    expect(first.body).toContain('We sent a code to you in Slack. It is good for 10 minutes.')
    expect(first.body).toContain('<input type="hidden" name="decision" value="reject">')
    expect(first.body).toContain('name="comment" value="Too much\n&amp; twice"')
    expect(await pages.statusOf(id)).toBe('awaiting_approval')
    expect((await codes(id)).map(({ via }) => via)).toEqual(['slack'])
    const shown = await pages.database.asSuperuser(
      `select 1 from surface where kind = 'slack.code' and expense_id = $1`,
      [id],
    )
    expect(shown).toHaveLength(1)

    const form = { decision: 'reject', comment: 'Too much\n& twice', via: 'slack' }
    const second = await pages.post(theirs, { ...form, code: await newestCode(id) })
    expect(second.statusCode).toBe(303)
    expect(await pages.statusOf(id)).toBe('rejected')
    expect((await pages.get(theirs)).body).toContain('Too much<br>&amp; twice')
  })

  test('with a wrong code nothing is decided; the field says how many tries are left', async () => {
    const { id, theirs } = await pages.lunch()
    await pages.post(theirs, { decision: 'approve' })
    const code = await newestCode(id)
    const wrong = await pages.post(theirs, { decision: 'approve', comment: 'ok', code: wrongFor(code) })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('<a href="#code">That is not the code. You have 4 more tries.</a>')
    expect(wrong.body).toContain('name="comment" value="ok"')
    expect((await codes(id)).map(({ attempts }) => attempts)).toEqual([1])
    expect(await pages.statusOf(id)).toBe('awaiting_approval')
    expect((await pages.post(theirs, { decision: 'approve', code })).statusCode).toBe(303)
    expect(await pages.statusOf(id)).toBe('approved')
  })

  test('a code that is too old is refused, and another one can be asked for', async () => {
    const { id, theirs } = await pages.lunch()
    await pages.post(theirs, { decision: 'approve' })
    const old = await newestCode(id)
    pages.database.clock.advance(11 * 60_000)
    const late = await pages.post(theirs, { decision: 'approve', code: old })
    expect(late.statusCode).toBe(422)
    expect(late.body).toContain('This code is not good any more.')
    expect(late.body).toContain('Send another code')
    await pages.post(theirs, { decision: 'approve' })
    const fresh = await newestCode(id)
    expect(fresh).not.toBe(old)
    expect((await pages.post(theirs, { decision: 'approve', code: fresh })).statusCode).toBe(303)
  })

  test.each(['GET', 'HEAD'] as const)('%s sends no code and decides nothing', async (method) => {
    const { id, theirs } = await pages.lunch()
    for (const query of ['', '?decision=approve', '?decision=approve&code=123456']) {
      expect((await pages.server.inject({ method, url: `${theirs}${query}` })).statusCode).toBe(200)
    }
    expect(await codes(id)).toEqual([])
    expect(await pages.statusOf(id)).toBe('awaiting_approval')
  })

  test('what is missing is said before a code is sent', async () => {
    const { id, theirs } = await pages.lunch()
    const refused = await pages.post(theirs, { decision: 'reject', comment: ' ' })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('<a href="#comment">')
    expect(await codes(id)).toEqual([])
  })

  test('a question and taking back need no code', async () => {
    const { id, theirs } = await pages.lunch()
    expect((await pages.post(theirs, { decision: 'ask', comment: 'Why?' })).statusCode).toBe(303)
    await pages.post(theirs, { decision: 'approve' })
    await pages.post(theirs, { decision: 'approve', code: await newestCode(id) })
    expect((await pages.post(theirs, { decision: 'undo' })).statusCode).toBe(303)
    expect(await pages.statusOf(id)).toBe('awaiting_approval')
    expect(await codes(id)).toHaveLength(1)
  })

  test('a code for one expense proves nothing about another', async () => {
    const [one, other] = [await pages.lunch(), await pages.lunch()]
    await pages.post(one.theirs, { decision: 'approve' })
    await pages.post(other.theirs, { decision: 'approve' })
    const refused = await pages.post(other.theirs, { decision: 'approve', code: await newestCode(one.id) })
    expect(refused.statusCode).toBe(422)
    expect(await pages.statusOf(other.id)).toBe('awaiting_approval')
  })

  test('where no more codes are sent, it says so and asks for none', async () => {
    const { id, theirs } = await pages.lunch()
    for (let tries = 0; tries < 15; tries += 1) {
      if (tries % 5 === 0) {
        pages.database.clock.advance(61_000)
        await pages.post(theirs, { decision: 'approve' })
      }
      await pages.post(theirs, { decision: 'approve', code: wrongFor(await newestCode(id)) })
    }
    pages.database.clock.advance(61_000)
    const refused = await pages.post(theirs, { decision: 'approve', comment: 'Fine by me' })
    expect(refused.statusCode).toBe(409)
    expect(refused.body).toContain('There were too many wrong codes within an hour.')
    expect(refused.body).not.toContain('We sent a code')
    expect(refused.body).toContain('Fine by me')
    expect(await codes(id)).toHaveLength(3)
  })

  test('without another way to send it, it says what to do', async () => {
    await inSlack(null)
    const { id, theirs } = await pages.lunch()
    const refused = await pages.post(theirs, { decision: 'approve' })
    expect(refused.statusCode).toBe(409)
    expect(refused.body).toContain('Please ask an admin to set up an authenticator app')
    expect(await pages.statusOf(id)).toBe('awaiting_approval')
  })
})
