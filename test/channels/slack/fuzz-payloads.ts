import fc from 'fast-check'
import { actions } from '../../../templates/slack/expense-parts.ts'
import { forms } from '../../../templates/slack/modals.ts'

/** A request as somebody with Slack's signing secret could send it. */
export interface Fuzzed {
  type: string
  body: string
}

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const someone = { team: { id: 'T1' }, user: { id: 'U1', team_id: 'T1' } }

/** Deliveries as Slack sends them, of every kind that we listen to; `id` is one of ours. */
export function deliveries(id: string): object[] {
  const event = (inner: object) => ({
    token: 't',
    team_id: 'T1',
    api_app_id: 'A1',
    type: 'event_callback',
    event_id: 'Ev1',
    event_time: 1_767_225_600,
    authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true, is_enterprise_install: false }],
    event: inner,
  })
  const message = {
    type: 'message',
    user: 'U1',
    channel: 'D1',
    channel_type: 'im',
    ts: '1.1',
    text: 'Taxi 12.50 USD',
    files: [{ id: 'F1', name: 'a.jpg', url_private_download: 'https://files.slack.com/a.jpg' }],
  }
  const view = {
    id: 'V1',
    hash: '1.a',
    type: 'modal',
    private_metadata: JSON.stringify({ expenseId: id, approvalId: id, verdict: 'approve', resent: 0 }),
    state: {
      values: {
        merchant: { value: { type: 'plain_text_input', value: 'Shop' } },
        amount: { value: { type: 'plain_text_input', value: '12.50' } },
        date: { value: { type: 'datepicker', selected_date: '2026-01-15' } },
        category: {
          value: { type: 'external_select', selected_option: { value: id, text: { text: 'Meals' } } },
        },
        'shares.1.amount': { value: { value: '5' } },
        chosen: { value: { selected_options: [{ value: id, text: { text: 'x' }, description: null }] } },
      },
    },
  }
  const press = (actionId: string, within: object) => ({
    ...someone,
    type: 'block_actions',
    trigger_id: '1.2.3',
    actions: [{ action_id: actionId, block_id: 'b', action_ts: '1.1', type: 'button', value: id }],
    ...within,
  })
  const below = { container: { type: 'message', channel_id: 'D1', message_ts: '1.1' }, channel: { id: 'D1' } }
  const command = { command: '/expense', team_id: 'T1', user_id: 'U1', channel_id: 'D1', trigger_id: '1.2.3' }
  return [
    event(message),
    event({ ...message, subtype: 'message_changed', message, previous_message: message }),
    event({ ...message, type: 'app_mention', text: '<@UBOT> taxi 3 EUR' }),
    event({ type: 'app_home_opened', user: 'U1', channel: 'D1', tab: 'home' }),
    event({ type: 'tokens_revoked', tokens: { oauth: ['U1'] } }),
    ...Object.values(actions).flatMap((action) => [
      press(action, below),
      press(action, { view }),
      press(action, { view: { ...view, type: 'home' } }),
    ]),
    ...Object.values(forms).map((callback_id) => ({
      ...someone,
      type: 'view_submission',
      view: { ...view, callback_id },
    })),
    ...['category', 'costCentre', 'delegate', 'shares.1.categoryId', 'reason', 'currency'].map(
      (block_id) => ({
        ...someone,
        type: 'block_suggestion',
        action_id: 'value',
        block_id,
        value: 'me',
      }),
    ),
    {
      ...someone,
      type: 'message_action',
      callback_id: 'make_expense',
      action_ts: '1.1',
      trigger_id: '1.2.3',
      channel: { id: 'D1' },
      message,
    },
    { ...someone, type: 'view_closed', view },
    ...['', 'help', 'list', 'status 1', 'request', 'delegate end', 'taxi 12.50'].map((text) => ({
      ...command,
      text,
    })),
  ]
}

/** What stands where something else should. */
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(null, 0, -1, 1e300, true, '', 'x', '\u0000', '\ud800', [], {}, [null], {
    id: null,
  }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 256, max: 5000 }).map((length) => 'y'.repeat(length)),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Every place in a value, by its keys. */
function places(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at]
  return [at, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...at, key]))]
}

function changed(value: unknown, [key, ...rest]: string[], to: unknown): unknown {
  if (key === undefined) return to
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === key ? changed(inner, rest, to) : inner))
  const fields = Object.entries(value ?? {})
  // `undefined` leaves the field out.
  return Object.fromEntries(
    fields.map(([name, inner]) => [name, name === key ? changed(inner, rest, to) : inner]),
  )
}

/** A delivery of Slack with some fields left out, or with something else in them. */
function damaged(id: string): fc.Arbitrary<unknown> {
  return fc
    .record({
      from: fc.constantFrom(...deliveries(id)),
      damages: fc.array(
        fc.record({
          where: fc.noBias(fc.nat({ max: 100_000 })),
          to: fc.option(oddValue, { nil: undefined }),
        }),
        {
          maxLength: 3,
        },
      ),
      unique: fc.uuid(),
    })
    .map(({ from, damages, unique }) => {
      // Without this most would be the same delivery again.
      const start = 'event' in from ? { ...from, event_id: unique } : from
      return damages.reduce<unknown>((value, { where, to }) => {
        const all = places(value)
        return changed(value, all[where % all.length] ?? [], to)
      }, start)
    })
}

export function asRequest(payload: unknown, how = 1): Fuzzed {
  const isRecord = typeof payload === 'object' && payload !== null && !Array.isArray(payload)
  if (isRecord && 'command' in payload) {
    const fields = Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)])
    return { type: form, body: new URLSearchParams(fields).toString() }
  }
  // Now and then in the other's clothes.
  const isEvent = isRecord && 'event' in payload ? how !== 0 : how === 0
  const text = JSON.stringify(payload) ?? ''
  return isEvent
    ? { type: json, body: text }
    : { type: form, body: new URLSearchParams({ payload: text }).toString() }
}

/** Whatever may be sent: damaged deliveries, any JSON, any form, any text under any name. */
export function fuzzedRequest(id: string): fc.Arbitrary<Fuzzed> {
  return fc.oneof(
    {
      weight: 12,
      arbitrary: fc.tuple(damaged(id), fc.nat({ max: 9 })).map(([payload, how]) => asRequest(payload, how)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.jsonValue(), fc.nat({ max: 1 }))
        .map(([payload, how]) => asRequest(payload, how)),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(fc.constantFrom('payload', 'command', 'type', 'x', '__proto__'), fc.string()))
        .map((fields) => ({ type: form, body: new URLSearchParams(fields).toString() })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom(json, form, 'text/plain', 'multipart/form-data; boundary=x', ''),
          fc.string({ unit: 'binary' }),
        )
        .map(([type, body]) => ({ type, body })),
    },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 1000, max: 60_000 })
        .map((depth) => ({ type: json, body: `{"event":${'['.repeat(depth)}${']'.repeat(depth)}}` })),
    },
  )
}
