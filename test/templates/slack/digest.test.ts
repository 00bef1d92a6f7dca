import { describe, expect, test } from 'vitest'
import { type DigestView, digestMessage } from '../../../templates/slack/digest.ts'
import { at, buttons, expense, finding, words } from './example-view.ts'
import { manyWaiting } from './hostile.ts'

const usd = (minor: number) => ({ minor, currency: 'USD' })
const lines = (count: number) =>
  manyWaiting(expense({ merchant: 'Corner Shop' }), count).map((one, index) => ({
    ...one,
    merchant: `Shop ${index}`,
    amount: usd(1250),
    companyAmount: null,
    submitter: 'Grace Taylor',
    warnings: index,
    uncertain: [],
    warned: Array.from({ length: index }, () => finding('warning', 'There is no receipt.')),
    onBehalfOf: index === 1 ? 'Eve Davis' : null,
    waitingSince: new Date('2026-11-17T15:00:00Z'),
  }))
const digest = (change: Partial<DigestView> = {}) =>
  digestMessage({
    reader: { locale: 'en-US', timeZone: 'America/New_York' },
    waiting: { count: 12, total: usd(431_000), since: at },
    oldest: lines(5),
    isOld: false,
    homeLink: 'slack://app?team=T1&id=A1&tab=home',
    ...change,
  })

describe('the digest of an approver', () => {
  test('says how many wait and how much, names the oldest, and leads to all of them', () => {
    const shown = words(digest())
    expect(shown).toContain('*12 requests wait for you, USD 4,310.00 in all*')
    expect(shown).toContain('*USD 12.50*  Shop 0  ·  Grace Taylor  ·  since Tue, Nov 17')
    expect(shown).toMatch(
      /\*USD 12\.50\* {2}Shop 1 {2}· {2}Grace Taylor {2}· {2}for Eve Davis.*\n\u2003:warning: There is no receipt\.\n/,
    )
    expect(shown).toContain('and 7 more')
    expect(buttons(digest())).toEqual(['approval.several', 'home.open'])
    expect(JSON.stringify(digest())).toContain('"url":"slack://app?team=T1&id=A1&tab=home"')
  })

  test('says the same to whoever hears it read', () => {
    expect(digest().text.replaceAll('\u00a0', ' ')).toMatch(
      /^12 requests wait for you, USD 4,310\.00 in all\. Shop 0 \(Grace Taylor\), Shop 1/,
    )
  })

  test('names all of a few, and one as one', () => {
    const one = digest({ waiting: { count: 1, total: usd(1250), since: at }, oldest: lines(1) })
    expect(words(one)).toContain('One request waits for you: USD 12.50')
    expect(words(one)).not.toContain('more')
  })

  test('says where they are when it does not know the way', () => {
    const shown = digest({ homeLink: null })
    expect(buttons(shown)).toEqual(['approval.several'])
    expect(words(shown)).toContain('They are all in Home.')
    expect(words(digest())).not.toContain('They are all in Home.')
  })

  test.each([
    ['nothing waits', { waiting: null, oldest: [] }, 'Nothing waits for you any more.'],
    ['a newer one has come', { isOld: true }, 'out of date'],
  ])('has no buttons when %s, and says so', (_, change, sentence) => {
    const shown = digest(change)
    expect(buttons(shown)).toEqual([])
    expect(words(shown)).toContain(sentence)
    expect(shown.text).toContain(sentence)
  })
})
