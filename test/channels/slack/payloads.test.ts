import { expect, test } from 'vitest'
import { blockActionsSchema, suggestionSchema } from '../../../src/channels/slack/payloads.ts'

const from = { team: { id: 'T1' }, user: { id: 'U1' } }

test.each([{ value: null }, { value: '12' }, {}])('Enter in a field that holds %j is understood', (held) => {
  const actions = [{ action_id: 'value', action_ts: '1.1', ...held }]
  expect(blockActionsSchema.parse({ ...from, trigger_id: 't', actions }).actions).toEqual(actions)
})

test('a menu that is opened before anything is typed is understood', () => {
  expect(suggestionSchema.parse({ ...from, value: null }).value).toBeNull()
})
