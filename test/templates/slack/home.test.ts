import { describe, expect, test } from 'vitest'
import type { DelegationView } from '../../../src/features/people/index.ts'
import { delegationMade, delegationModal } from '../../../templates/slack/delegation-modal.ts'
import { helpMessage } from '../../../templates/slack/help-message.ts'
import { homeView } from '../../../templates/slack/home.ts'
import { at, buttons, words } from './example-view.ts'

const company = { currency: 'USD', locale: 'en-US' }
const person = (name: string) => ({ id: name, name, email: `${name}@techcorp.example` })

function delegation(change: Partial<DelegationView> = {}): DelegationView {
  return {
    id: 'd1',
    principal: person('Frank Miller'),
    delegate: person('Bob Smith'),
    from: '2026-11-20',
    to: '2026-12-14',
    startsAt: at,
    endsAt: at,
    upTo: null,
    state: 'active',
    createdBy: null,
    ...change,
  }
}

const alice = delegation({ principal: person('Alice Chen'), delegate: person('Frank Miller') })
const capped = delegation({ upTo: { minor: 100_000, currency: 'USD' } })

describe('App Home', () => {
  const home = (change: Partial<Parameters<typeof homeView>[0]> = {}) =>
    homeView({
      personId: 'Frank Miller',
      company,
      requests: [],
      delegations: [],
      has: { mileage: true, perDiem: true },
      ...change,
    })

  test('starts what the company pays for', () => {
    expect(buttons(home())).toEqual(['start.request', 'start.mileage', 'start.per_diem', 'delegation.open'])
    expect(buttons(home({ has: { mileage: false, perDiem: false } }))).toEqual([
      'start.request',
      'delegation.open',
    ])
  })

  test('says what is left of each request, and gives it back', () => {
    const usd = (minor: number) => ({ minor, currency: 'USD' })
    const offsite = {
      id: 'q',
      number: 'REQ-2026-0007',
      merchant: 'Offsite',
      approved: usd(40_000),
      left: usd(28_000),
      used: usd(12_000),
    }
    const shown = home({ requests: [offsite] })
    expect(words(shown)).toContain('*Offsite*\n*USD 280.00* left of USD 400.00  ·  REQ-2026-0007')
    expect(buttons(shown)).toContain('request.close')
    expect(words(home())).toContain('Nothing now.')
    const overdrawn = home({ requests: [{ ...offsite, approved: usd(6000), left: usd(0), used: usd(6090) }] })
    expect(words(overdrawn)).toContain('*Offsite*\n*USD 60.90* of USD 60.00 spent  ·  REQ-2026-0007')
    expect(buttons(overdrawn)).toContain('request.close')
  })

  test('says who decides for whom until when, and ends what is one’s own', () => {
    const shown = home({ delegations: [capped, alice] })
    expect(words(shown)).toContain('*Bob Smith* decides for you until Dec 14, 2026, up to USD 1,000.00.')
    expect(words(shown)).toContain('*You* decide for *Alice Chen* until Dec 14, 2026.')
    expect(buttons(shown).filter((action) => action === 'delegation.end')).toHaveLength(1)
    expect(words(home())).toContain('Nobody decides for you.')
  })

  test('says of what is to come from when', () => {
    const coming = [
      delegation({ state: 'coming', from: '2026-12-01' }),
      { ...alice, state: 'coming' as const },
    ]
    const shown = words(home({ delegations: coming }))
    expect(shown).toContain('*Bob Smith* will decide for you from Dec 1, 2026 to Dec 14, 2026.')
    expect(shown).toContain('*You* decide for *Alice Chen* from Nov 20, 2026 to Dec 14, 2026.')
  })
})

describe('the form of a delegation', () => {
  const form = (delegations: DelegationView[], stepUpOverMinor: number | null = null) =>
    delegationModal({
      personId: 'Frank Miller',
      delegations,
      company: { ...company, stepUpOverMinor },
      today: '2026-11-20',
    })

  test('says what never goes to the delegate, where much money needs a code', () => {
    expect(JSON.stringify(form([]))).not.toContain('your own code')
    expect(JSON.stringify(form([], 500_000))).toContain('more than USD\u00a05,000.00 always')
  })

  test('searches for the delegate and begins today', () => {
    const view = form([])
    const blocks = view.blocks.filter(({ type }) => type === 'input')
    expect(blocks.map(({ block_id }) => block_id)).toEqual(['delegate', 'from', 'to', 'up_to'])
    expect(blocks[0]).toMatchObject({ element: { type: 'external_select', min_query_length: 0 } })
    expect(blocks[1]).toMatchObject({ element: { initial_date: '2026-11-20' } })
    expect(words(view)).toContain('Only up to, in USD')
  })

  test('shows what holds already and ends it', () => {
    expect(buttons(form([capped, alice]))).toEqual(['delegation.end'])
  })

  test('says what was agreed', () => {
    expect(delegationMade(capped, 'en-US').replaceAll('\u00a0', ' ')).toBe(
      'Bob Smith decides for you from now until Dec 14, 2026, up to USD 1,000.00. Both of you get a mail.',
    )
    expect(delegationMade(delegation({ state: 'coming' }), 'en-US')).toContain(
      'from Nov 20, 2026 to Dec 14, 2026',
    )
  })
})

describe('/expense', () => {
  test('names what there is, also where the blocks are not shown', () => {
    for (const command of ['request', 'mileage', 'per diem', 'delegate', 'delegate end']) {
      expect(words(helpMessage(null))).toContain(`\`/expense ${command}\``)
      expect(helpMessage(null).text).toContain(command)
    }
    expect(words(helpMessage(null))).not.toContain('do not know')
  })

  test('says first of what it does not know that it does not', () => {
    expect(words(helpMessage('lunch <!here>'))).toMatch(/^I do not know “lunch &lt;!here&gt;”/)
  })
})
