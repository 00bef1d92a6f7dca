import { candidate, type GeminiStandIn, googleError } from './gemini-stand-in.ts'

export const geminiKey = 'AIza-known-to-nobody'
export const geminiModel = 'gemini-3.5-flash-lite'

export const sure = (value: string | null, confidence = 0.99) => ({ value, confidence })
export const printed = [
  'Blue Heron Diner',
  '418 Alder Street',
  'Portland, OR 97205',
  '03/14/2026 1:08 PM',
  '2 Cheeseburger 23.00',
  '1 Cobb Salad 11.50',
  'Subtotal 34.50',
  'Tip 7.03',
  'TOTAL $41.53',
  'VISA ************4242 41.53',
]

/** What Gemini answers for the diner's receipt, with other values where a test says so. */
export function dinner(changes: Record<string, unknown> = {}) {
  return {
    text: printed.join('\n'),
    merchant: sure('Blue Heron Diner'),
    date: sure('2026-03-14'),
    total: sure('41.53'),
    currency: sure('USD'),
    taxLines: [],
    tip: '7.03',
    cardLastFour: '4242',
    lineItems: [
      { description: '2 Cheeseburger', amount: '23.00' },
      { description: '1 Cobb Salad', amount: '11.50' },
    ],
    ...changes,
  }
}

type Failure = [name: string, reply: GeminiStandIn['reply'], code: string, kind: string]

/** How Gemini can fail, with the code and the kind that tell it apart. */
export const geminiFailures: Failure[] = [
  ...[400, 401, 403, 404].map(
    (status): Failure => [
      `${status}`,
      { kind: 'response', status, body: googleError(status, 'no') },
      'gemini_refused',
      'permanent',
    ],
  ),
  ...[408, 429, 500, 502, 503, 504].map(
    (status): Failure => [
      `${status}`,
      { kind: 'response', status, body: googleError(status, 'later') },
      'gemini_unavailable',
      'transient',
    ],
  ),
  [
    'an error that is no JSON',
    { kind: 'response', status: 502, body: '<html>' },
    'gemini_unavailable',
    'transient',
  ],
  ['no answer in time', { kind: 'silence' }, 'gemini_unavailable', 'transient'],
  ...Object.entries({
    'a blocked prompt': JSON.stringify({ promptFeedback: { blockReason: 'SAFETY' } }),
    'a blocked answer': candidate('{}', geminiModel, 'SAFETY'),
    'an answer that was cut off': candidate('{"text":"Blue He', geminiModel, 'MAX_TOKENS'),
    'a whole answer that is marked as cut off': candidate(
      JSON.stringify(dinner()),
      geminiModel,
      'MAX_TOKENS',
    ),
    'no candidates': JSON.stringify({ candidates: [] }),
    'candidates of another form': JSON.stringify({ candidates: [null] }),
    'no text': candidate('', geminiModel),
    'broken JSON': candidate('{"text":"Blue He', geminiModel),
    'JSON with words around it': candidate(`Here it is: ${JSON.stringify(dinner())}`, geminiModel),
    'wrong types': candidate(JSON.stringify(dinner({ total: 41.53 })), geminiModel),
    'a field less': candidate(JSON.stringify(dinner({ lineItems: undefined })), geminiModel),
    'a megabyte': candidate(JSON.stringify(dinner({ text: 'x'.repeat(1_000_000) })), geminiModel),
  }).map(
    ([name, body]): Failure => [
      name,
      { kind: 'response', status: 200, body },
      'gemini_without_reading',
      'permanent',
    ],
  ),
]
