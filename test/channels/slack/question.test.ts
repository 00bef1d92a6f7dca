import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { oneWorkspace, renderSurface, sweepSlack } from '../../../src/channels/slack/index.ts'
import {
  answerQuestion,
  askAboutFiles,
  forgetQuestion,
} from '../../../src/channels/slack/intake/questions.ts'
import { remindAboutFiles } from '../../../src/channels/slack/intake/show-question.ts'
import type { Tx, WorkInHand } from '../../../src/database/index.ts'
import { fileHash } from '../../../src/features/receipts/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { Told } from '../../features/expenses/telling-support.ts'
import { ann, bob, TwoSteps } from '../../features/expenses/two-steps.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

let database: TestDatabase
let company: TwoSteps
let slack: WebApiStandIn
let asked = 0

beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
  await new Told(company).inSlack()
  slack = await WebApiStandIn.start()
})
afterAll(async () => {
  await slack.close()
  await database.drop()
})
beforeEach(() => {
  slack.calls.length = 0
  slack.answers = { 'chat.postMessage': () => ({ ok: true, ts: '9.9' }) }
})

const asAnn = <T>(work: (tx: Tx) => Promise<T>) => as(database, ann, work)

const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** Two files that differ from all others. */
const twoFiles = () =>
  ['a', 'b'].map((name) => ({
    name: `${name}.png`,
    bytes: Buffer.concat([dot, Buffer.from(`${name}${asked}`)]),
  }))

/** Ann posted two files, nobody answered yet. */
async function ask(threadTs: string | null = '1.1', images = twoFiles()) {
  asked += 1
  const key = `slack:T1:D1:${asked}`
  const files = images.map((image) => ({ id: `F${asked}${image.name}`, ...image }))
  const address = threadTs === null ? null : { teamId: 'T1', channel: 'D1', threadTs }
  await asAnn((tx) =>
    askAboutFiles(
      tx,
      { key, personId: tx.actor.personId ?? '', address, note: '', teamId: 'T1', inThread: false },
      files,
    ),
  )
  const [row] = await database.asSuperuser<{ id: string; surface: string }>(
    'select q.id, s.id as surface from slack_question q join surface s on s.question_id = q.id where message_key = $1',
    [key],
  )
  if (!row) throw new Error('nothing was asked')
  return { ...row, key, images }
}

function channel() {
  const client = new WebClient('xoxb', { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } })
  const workspaces = oneWorkspace({ client, botToken: 'xoxb' })
  return { database, workspaces, apiUrl: slack.apiUrl, subjects, dataKey: 'd'.repeat(32) }
}
const workInHand = (): WorkInHand => ({
  attempt: 1,
  failures: 0,
  since: new Date(),
  companyId: company.id,
  finish: async () => {},
  finishAlone: async () => {},
})
const render = (surfaceId: string) => renderSurface(channel(), company.id, surfaceId, workInHand())

test('only the person who posted the files can answer', async () => {
  const { id } = await ask()
  const together = { answer: 'together' as const }
  await expect(as(database, bob, (tx) => answerQuestion(tx, id, together))).rejects.toMatchObject({
    code: 'not_your_question',
  })
  const rows = await database.asSuperuser('select answer from slack_question where id = $1', [id])
  expect(rows).toEqual([{ answer: null }])
})

describe('a question about files', () => {
  test('that was posted by a try that died, and answered since, is found and brought up to date', async () => {
    const question = await ask()
    let metadata: unknown = null
    slack.answers['chat.postMessage'] = ({ form }) => {
      metadata = JSON.parse(form.metadata ?? 'null')
      return { ok: false, error: 'internal_error' }
    }
    await expect(render(question.surface)).rejects.toMatchObject({ code: 'slack_call_failed' })
    await asAnn((tx) => answerQuestion(tx, question.id, { answer: 'one_each' }))
    slack.answers['conversations.replies'] = () => ({ ok: true, messages: [{ ts: '9.9', metadata }] })
    await render(question.surface)
    expect(slack.callsOf('chat.postMessage')).toHaveLength(1)
    const [update] = slack.callsOf('chat.update')
    expect(update?.form.ts).toBe('9.9')
    expect(update?.form.blocks).not.toContain('question.one_each')
  })

  test('is posted once by two that render it at the same moment', async () => {
    const { surface } = await ask()
    const tries = await Promise.allSettled([render(surface), render(surface)])
    const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    expect(refused.every((code) => code === 'surface_busy')).toBe(true)
    expect(slack.callsOf('chat.postMessage')).toHaveLength(1)
  })

  test('of a message that somebody made theirs is asked in their conversation, and reminded of there', async () => {
    slack.answers['conversations.open'] = () => ({ ok: true, channel: { id: 'D9' } })
    const { surface, id } = await ask(null)
    await render(surface)
    await remindAboutFiles(channel(), id, workInHand())
    const posts = slack.callsOf('chat.postMessage').map(({ form }) => [form.channel, form.thread_ts])
    expect(posts).toEqual([
      ['D9', undefined],
      ['D9', '9.9'],
    ])
  })
})

describe('what Slack is asked about does not stay for ever', () => {
  const daysLater = (days: number) => database.clock.advance(days * 86_400_000)
  const sweep = () => company.inside(sweepSlack)
  const rows = async ({ id, surface }: { id: string; surface: string }) =>
    Promise.all([
      database.asSuperuser('select answer from slack_question where id = $1', [id]),
      database.asSuperuser('select 1 from surface where id = $1', [surface]),
    ])
  const kept = ({ images }: { images: { bytes: Buffer }[] }) =>
    database.asSuperuser('select 1 from blob where sha256 = any($1)', [
      images.map(({ bytes }) => fileHash(bytes)),
    ])

  test('a question that nobody answers for a month ends, and a month later it and its files are gone', async () => {
    const question = await ask()
    daysLater(29)
    await sweep()
    expect((await rows(question))[0]).toEqual([{ answer: null }])
    daysLater(2)
    await sweep()
    expect((await rows(question))[0]).toEqual([{ answer: 'expired' }])
    await render(question.surface)
    const [shown] = slack.callsOf('chat.postMessage')
    expect(shown?.form.text).toContain('Nobody answered for a month')
    daysLater(31)
    await sweep()
    expect(await rows(question)).toEqual([[], []])
    expect(await kept(question)).toEqual([])
    await expect(render(question.surface)).resolves.toBeUndefined()
  })

  test('files that became part of an expense stay', async () => {
    const question = await ask()
    await asAnn((tx) => answerQuestion(tx, question.id, { answer: 'together' }))
    daysLater(31)
    await sweep()
    expect(await rows(question)).toEqual([[], []])
    expect(await kept(question)).toHaveLength(2)
  })

  test('and so do those that another question is about', async () => {
    const question = await ask()
    await asAnn((tx) => forgetQuestion(tx, question.key))
    daysLater(20)
    const other = await ask('1.1', question.images)
    daysLater(11)
    await sweep()
    expect(await rows(question)).toEqual([[], []])
    await asAnn((tx) => answerQuestion(tx, other.id, { answer: 'one_each' }))
    expect(await kept(other)).toHaveLength(2)
  })

  test('a month that was asked for as a file is forgotten after a week', async () => {
    await asAnn((tx) =>
      tx.em.execute(
        `insert into slack_export (id, company_id, person_id, month, key, created_at) values (?, ?, ?, '2026-10', 'k', ?)`,
        [tx.newId(), tx.companyId, tx.actor.personId, tx.now],
      ),
    )
    const left = () => database.asSuperuser('select 1 from slack_export')
    daysLater(6)
    await sweep()
    expect(await left()).toHaveLength(1)
    daysLater(2)
    await sweep()
    expect(await left()).toEqual([])
  })
})
