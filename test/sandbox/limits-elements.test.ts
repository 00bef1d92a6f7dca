import { describe, expect, test } from 'vitest'
import { areBlocksTooLong, blockProblems, checkPlainOptions } from '../../src/sandbox/limits.ts'

/*
 * The limits of https://docs.slack.dev/reference/block-kit/block-elements and of
 * https://docs.slack.dev/reference/block-kit/composition-objects, each at its edge.
 */
const plain = (text: string) => ({ type: 'plain_text', text })
const x = (count: number) => 'x'.repeat(count)
const option = (text: string, change: object = {}) => ({ text: plain(text), value: text, ...change })
const options = (count: number) => Array.from({ length: count }, (_, i) => option(`o${i}`))
const button = { type: 'button', action_id: 'a', text: plain('Go') }
const input = (element: object) => [
  { type: 'input', label: plain('Label'), element: { action_id: 'a', ...element } },
]
const row = (element: object) => [{ type: 'actions', elements: [{ action_id: 'a', ...element }] }]
const problems = (blocks: object[], surface: 'message' | 'modal' | 'home' = 'modal') =>
  blockProblems(blocks, { surface }).map(({ pointer }) => pointer)
const picture = (change: object) => [
  { type: 'image', image_url: 'https://x.example/p.png', alt_text: 'p', ...change },
]
const confirm = (change: object) =>
  row({ ...button, confirm: { title: plain('Sure?'), text: plain('Really?'), ...change } })
const number = (change: object) => input({ type: 'number_input', is_decimal_allowed: false, ...change })
const at = '/blocks/0/elements/0'

describe('elements', () => {
  test.each([
    [
      'a placeholder of 150',
      input({ type: 'plain_text_input', placeholder: plain(x(150)) }),
      input({ type: 'plain_text_input', placeholder: plain(x(151)) }),
      '/blocks/0/element/placeholder',
    ],
    [
      'a question’s title of 100',
      confirm({ title: plain(x(100)) }),
      confirm({ title: plain(x(101)) }),
      `${at}/confirm/title`,
    ],
    [
      'a question of 300',
      confirm({ text: plain(x(300)) }),
      confirm({ text: plain(x(301)) }),
      `${at}/confirm/text`,
    ],
    [
      'a question’s button of 30',
      confirm({ deny: plain(x(30)) }),
      confirm({ deny: plain(x(31)) }),
      `${at}/confirm/deny`,
    ],
    [
      'a web address of 3,000',
      row({ ...button, url: `https://x.example/${x(2982)}` }),
      row({ ...button, url: `https://x.example/${x(2983)}` }),
      `${at}/url`,
    ],
    [
      'a label for screen readers of 75',
      row({ ...button, accessibility_label: x(75) }),
      row({ ...button, accessibility_label: x(76) }),
      `${at}/accessibility_label`,
    ],
    [
      'five lines behind three dots',
      row({ type: 'overflow', options: options(5) }),
      row({ type: 'overflow', options: options(6) }),
      `${at}/options`,
    ],
    [
      'ten boxes to tick',
      row({ type: 'checkboxes', options: options(10) }),
      row({ type: 'checkboxes', options: options(11) }),
      `${at}/options`,
    ],
    [
      'an option’s value of 150',
      row({ type: 'static_select', options: [option('o', { value: x(150) })] }),
      row({ type: 'static_select', options: [option('o', { value: x(151) })] }),
      `${at}/options/0/value`,
    ],
    [
      'an option’s description of 75',
      row({ type: 'static_select', options: [option('o', { description: plain(x(75)) })] }),
      row({ type: 'static_select', options: [option('o', { description: plain(x(76)) })] }),
      `${at}/options/0/description`,
    ],
    [
      '100 groups',
      row({
        type: 'static_select',
        option_groups: Array(100).fill({ label: plain('g'), options: options(1) }),
      }),
      row({
        type: 'static_select',
        option_groups: Array(101).fill({ label: plain('g'), options: options(1) }),
      }),
      `${at}/option_groups`,
    ],
    [
      'a group’s label of 75',
      row({ type: 'static_select', option_groups: [{ label: plain(x(75)), options: options(1) }] }),
      row({ type: 'static_select', option_groups: [{ label: plain(x(76)), options: options(1) }] }),
      `${at}/option_groups/0/label`,
    ],
    [
      'ten files',
      input({ type: 'file_input', max_files: 10 }),
      input({ type: 'file_input', max_files: 11 }),
      '/blocks/0/element/max_files',
    ],
    [
      'texts of 3,000',
      input({ type: 'plain_text_input', max_length: 3000 }),
      input({ type: 'plain_text_input', max_length: 3001 }),
      '/blocks/0/element',
    ],
    [
      'one chosen of several',
      row({ type: 'multi_static_select', options: options(2), max_selected_items: 1 }),
      row({ type: 'multi_static_select', options: options(2), max_selected_items: 0 }),
      `${at}/max_selected_items`,
    ],
    [
      'numbers in order',
      number({ min_value: '1', max_value: '2' }),
      number({ min_value: '2', max_value: '1' }),
      '/blocks/0/element/min_value',
    ],
    [
      'a time of day',
      input({ type: 'timepicker', initial_time: '23:59' }),
      input({ type: 'timepicker', initial_time: '24:00' }),
      '/blocks/0/element/initial_time',
    ],
    [
      'a picture’s title of 2,000',
      picture({ title: plain(x(2000)) }),
      picture({ title: plain(x(2001)) }),
      '/blocks/0/title',
    ],
    [
      'words for a picture of 2,000',
      picture({ alt_text: x(2000) }),
      picture({ alt_text: x(2001) }),
      '/blocks/0/alt_text',
    ],
    [
      'a hint of 2,000',
      [{ ...input({ type: 'plain_text_input' })[0], hint: plain(x(2000)) }],
      [{ ...input({ type: 'plain_text_input' })[0], hint: plain(x(2001)) }],
      '/blocks/0/hint',
    ],
  ])('allow %s and refuse more', (_name, fits, exceeds, pointer) => {
    expect(problems(fits)).toEqual([])
    expect(problems(exceeds)).toEqual([pointer])
  })

  test.each([
    ['a menu without any option', row({ type: 'static_select', options: [] })],
    ['an option without a value', row({ type: 'static_select', options: [{ text: plain('o') }] })],
    [
      'mrkdwn in a menu',
      row({ type: 'static_select', options: [{ text: { type: 'mrkdwn', text: 'o' }, value: 'o' }] }),
    ],
    [
      'a first choice that is not offered',
      row({ type: 'radio_buttons', options: options(2), initial_option: option('o3') }),
    ],
    ['a question without words', row({ ...button, confirm: {} })],
    ['a colour that Slack does not have', row({ ...button, style: 'green' })],
    ['an address that is none', row({ ...button, url: 'javascript:alert(1)' })],
    ['a number input that does not say whether decimals are allowed', input({ type: 'number_input' })],
    ['what Slack does not know', row({ ...button, colour: 'red' })],
    ['emoji for mrkdwn', [{ type: 'section', text: { type: 'mrkdwn', text: 'x', emoji: true } }]],
    ['an input of files in a menu’s place', row({ type: 'file_input' })],
  ])('refuse %s', (_name, blocks) => {
    expect(problems(blocks)).not.toEqual([])
  })

  test('refuse files on a Home tab, and two inputs that want the first focus', () => {
    expect(problems(input({ type: 'file_input' }), 'home')).toHaveLength(1)
    const eager = input({ type: 'plain_text_input', focus_on_load: true })
    expect(problems([...eager, ...eager])).toEqual(['/blocks'])
  })
})

test('options that an app offers to a search keep the same limits', () => {
  const found: string[] = []
  const report = (pointer: string): undefined => void found.push(pointer)
  checkPlainOptions(options(101), '/options', { most: 100, report })
  expect(found).toEqual(['/options'])
})

test('blocks that fit one by one can be too long together', () => {
  const section = (letters: number) => ({ type: 'section', text: { type: 'mrkdwn', text: x(letters) } })
  expect(areBlocksTooLong(Array.from({ length: 4 }, () => section(3000)))).toBe(false)
  expect(areBlocksTooLong(Array.from({ length: 5 }, () => section(3000)))).toBe(true)
})
