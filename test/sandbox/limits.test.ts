import { describe, expect, test } from 'vitest'
import { blockProblems, isTooLarge, viewProblems } from '../../src/sandbox/limits.ts'

const plain = (text: string) => ({ type: 'plain_text', text })
const message = (...blocks: object[]) => blockProblems(blocks, { surface: 'message' }).map((p) => p.pointer)
const button = (change: object = {}) => ({ type: 'button', action_id: 'a', text: plain('Go'), ...change })
const actions = (...elements: object[]) => ({ type: 'actions', elements })
const section = (text: string, change: object = {}) => ({
  type: 'section',
  text: { type: 'mrkdwn', text },
  ...change,
})
const select = (options: object[]) => ({ type: 'static_select', action_id: 's', options })
const option = (text: string, value = text) => ({ text: plain(text), value })
const input = (change: object = {}) => ({
  type: 'input',
  label: plain('Amount'),
  element: { type: 'plain_text_input', action_id: 'amount' },
  ...change,
})
const modal = (change: object = {}) =>
  viewProblems({
    type: 'modal',
    title: plain('Expense'),
    submit: plain('Save'),
    blocks: [input()],
    ...change,
  }).map((p) => p.pointer)

describe('blocks of a message', () => {
  test.each([
    ['section text of 3,000', section('x'.repeat(3000)), section('x'.repeat(3001)), '/blocks/0/text'],
    [
      'header of 150',
      { type: 'header', text: plain('x'.repeat(150)) },
      { type: 'header', text: plain('x'.repeat(151)) },
      '/blocks/0/text',
    ],
    [
      'button text of 75',
      actions(button({ text: plain('x'.repeat(75)) })),
      actions(button({ text: plain('x'.repeat(76)) })),
      '/blocks/0/elements/0/text',
    ],
    [
      'button value of 2,000',
      actions(button({ value: 'x'.repeat(2000) })),
      actions(button({ value: 'x'.repeat(2001) })),
      '/blocks/0/elements/0/value',
    ],
    [
      'action id of 255',
      actions(button({ action_id: 'x'.repeat(255) })),
      actions(button({ action_id: 'x'.repeat(256) })),
      '/blocks/0/elements/0/action_id',
    ],
    [
      'block id of 255',
      section('x', { block_id: 'x'.repeat(255) }),
      section('x', { block_id: 'x'.repeat(256) }),
      '/blocks/0/block_id',
    ],
    [
      '10 fields',
      section('x', { fields: Array(10).fill(plain('f')) }),
      section('x', { fields: Array(11).fill(plain('f')) }),
      '/blocks/0/fields',
    ],
    [
      '25 elements in a row',
      actions(...Array.from({ length: 25 }, (_, i) => button({ action_id: `a${i}` }))),
      actions(...Array.from({ length: 26 }, (_, i) => button({ action_id: `a${i}` }))),
      '/blocks/0/elements',
    ],
    [
      '100 options',
      actions(select(Array.from({ length: 100 }, (_, i) => option(`o${i}`)))),
      actions(select(Array.from({ length: 101 }, (_, i) => option(`o${i}`)))),
      '/blocks/0/elements/0/options',
    ],
    [
      'option text of 75',
      actions(select([option('x'.repeat(75))])),
      actions(select([option('x'.repeat(76))])),
      '/blocks/0/elements/0/options/0/text',
    ],
  ])('allow %s and refuse one more', (_name, fits, exceeds, pointer) => {
    expect(message(fits)).toEqual([])
    expect(message(exceeds)).toEqual([pointer])
  })

  test('allow 50 blocks and refuse 51', () => {
    expect(message(...Array(50).fill({ type: 'divider' }))).toEqual([])
    expect(message(...Array(51).fill({ type: 'divider' }))).toEqual(['/blocks'])
  })

  test('refuse a block id and an action id that come twice', () => {
    expect(message(section('a', { block_id: 'b' }), section('c', { block_id: 'b' }))).toEqual([
      '/blocks/1/block_id',
    ])
    expect(message(actions(button(), button()))).toEqual(['/blocks/0/elements/1/action_id'])
  })

  test('refuse mrkdwn where plain text is required, empty text, and unknown types', () => {
    expect(message(actions(button({ text: { type: 'mrkdwn', text: 'Go' } })))).toEqual([
      '/blocks/0/elements/0/text',
    ])
    expect(message(section(''))).toEqual(['/blocks/0/text'])
    expect(message({ type: 'banner' })).toEqual(['/blocks/0/type'])
    expect(message(input({ element: { type: 'button', action_id: 'x', text: plain('x') } }))).toEqual([
      '/blocks/0/element/type',
    ])
  })

  test('show as slack_file only pictures that the app can see', () => {
    const kinds: Record<string, 'picture' | 'other'> = { F1: 'picture', F2: 'other' }
    const show = (id: string) =>
      blockProblems([{ type: 'image', slack_file: { id }, alt_text: 'x' }], {
        surface: 'message',
        file: (f) => kinds[f],
      })
    expect(show('F1')).toEqual([])
    expect(show('F2')).toHaveLength(1)
    expect(show('F3')).toHaveLength(1)
  })
})

describe('views', () => {
  test('allow 24 letters in title, submit and close, and refuse 25', () => {
    for (const name of ['title', 'submit', 'close']) {
      expect(modal({ [name]: plain('x'.repeat(24)) })).toEqual([])
      expect(modal({ [name]: plain('x'.repeat(25)) })).toEqual([`/view/${name}`])
    }
  })

  test('allow 3,000 letters of private metadata and 100 blocks, and refuse one more', () => {
    expect(modal({ private_metadata: 'x'.repeat(3000) })).toEqual([])
    expect(modal({ private_metadata: 'x'.repeat(3001) })).toEqual(['/view/private_metadata'])
    expect(modal({ blocks: Array(100).fill({ type: 'divider' }) })).toEqual([])
    expect(modal({ blocks: Array(101).fill({ type: 'divider' }) })).toEqual(['/view/blocks'])
  })

  test('require a submit button where there is an input', () => {
    expect(modal({ submit: undefined })).toEqual(['/view/submit'])
    expect(modal({ submit: undefined, blocks: [{ type: 'divider' }] })).toEqual([])
  })

  test('take files in a modal but not on a home', () => {
    const blocks = [input({ element: { type: 'file_input', action_id: 'f' } })]
    expect(modal({ blocks })).toEqual([])
    expect(viewProblems({ type: 'home', blocks })).toHaveLength(1)
  })
})

test('a view of more than 250 KB is too large, counted in bytes', () => {
  const view = (text: string) => ({ type: 'modal', blocks: [{ type: 'divider', text }] })
  expect(isTooLarge(view('x'.repeat(249_000)))).toBe(false)
  expect(isTooLarge(view('x'.repeat(250_000)))).toBe(true)
  expect(isTooLarge(view('費'.repeat(84_000)))).toBe(true)
})
