import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { frank, grace, Person } from './play.ts'
import { SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

let program: RunningProgram
const person = (email: string) => new Person(email, () => program.people)
const Grace = person(grace)
const Frank = person(frank)

beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

test('a question and its answer are said once, however often the same form arrives', async () => {
  const draft = await Grace.submit({ merchant: 'Said Once' })
  const card = await Frank.card(draft.number)
  const wire = await SlackWire.tap(program, { copies: 3 })
  await Frank.giveReason(card.ts, 'ask', 'Once?')
  const question = await Grace.reply(draft.thread, 'Frank Miller asks about')
  await Grace.answer(question.ts, 'Once.')
  await Frank.reply(card.ts, 'Grace Taylor answered')
  await wire.untap()
  await program.settle()
  expect(await Frank.replies(card.ts)).toHaveLength(1)
  const said = await program.sql<{ text: string }>(
    'select c.text from comment c join expense e on e.id = c.subject_id where e.number = $1 order by c.at, c.id',
    [draft.number],
  )
  expect(said.map(({ text }) => text)).toEqual(['Once?', 'Once.'])
})
