import { describe, expect, test } from 'vitest'
import type { DelegationView } from '../../../src/features/people/index.ts'
import { delegationMade, delegationModal } from '../../../templates/slack/delegation-modal.ts'
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
    expect(JSON.stringify(form([], 500_000))).toContain('Above USD\u00a05,000.00 everything does')
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
