import { describe, expect, test } from 'vitest'
import { type DelegatePageView, delegatePage } from '../../../templates/pages/delegate-page.ts'
import { at } from '../email/sample-expense.ts'

type Delegation = DelegatePageView['delegations'][number]
const alice = { id: 'alice', name: 'Alice Chen', email: 'alice.chen@techcorp.example' }
const bob = { id: 'bob', name: 'Bob Smith', email: 'bob.smith@techcorp.example' }

const delegation = (change: Partial<Delegation> = {}): Delegation => ({
  id: 'd1',
  principal: alice,
  delegate: bob,
  from: '2026-12-01',
  to: '2026-12-14',
  startsAt: at,
  endsAt: at,
  upTo: null,
  state: 'active',
  createdBy: null,
  ...change,
})

const render = (change: Partial<DelegatePageView> = {}) =>
  delegatePage({
    company: { name: 'TechCorp Solutions', locale: 'en-US', currency: 'USD', stepUpOverMinor: null },
    viewer: alice,
    action: '/d/token',
    colleagues: [bob],
    delegations: [],
    values: { delegate: '', from: '2026-11-20', to: '', up_to: '' },
    errors: {},
    notice: null,
    ...change,
  }).replaceAll('\u00a0', ' ')

describe('the page on which somebody lets others decide', () => {
  test('has a form with everybody who can be chosen, by name and address', () => {
    const page = render()
    expect(page).toContain('<option value="Bob Smith &lt;bob.smith@techcorp.example&gt;">')
    expect(page).toMatch(/id="from" name="from" value="2026-11-20" type="date"/)
    expect(page).toContain('Only up to, in USD (optional)')
    expect(page).not.toMatch(/<script|<style|style=|autofocus| on\w+=/)
  })

  test('shows who decides for the viewer, with a button to end it', () => {
    const page = render({ delegations: [delegation({ upTo: { minor: 50000, currency: 'USD' } })] })
    expect(page).toContain('Bob Smith decides for you')
    expect(page).toContain('Dec 1, 2026 to Dec 14, 2026, up to USD 500.00')
    expect(page).toContain('<input type="hidden" name="id" value="d1">')
    expect(page).toMatch(/<button name="action" value="end"[^>]*>End now</)
    expect(render({ delegations: [delegation({ state: 'coming' })] })).toContain('>Cancel<')
  })

  test('shows for whom the viewer decides, which is not theirs to end', () => {
    const page = render({ delegations: [delegation({ principal: bob, delegate: alice, to: '2026-12-01' })] })
    expect(page).toContain('You decide for Bob Smith')
    expect(page).toContain('<p class="muted">Dec 1, 2026</p>')
    expect(page).not.toContain('value="end"')
  })

  test('says each mistake at its field, and keeps what was typed', () => {
    const errors = { delegate: 'Nobody here is called “Bobb”.', to: 'The last day is before the first.' }
    const values = { delegate: 'Bobb "x"', from: '2026-12-02', to: '2026-12-01', up_to: '5' }
    const page = render({ errors, values })
    expect([...page.matchAll(/<a href="#(\w+)">/g)].map(([, field]) => field)).toEqual(['delegate', 'to'])
    expect(page).toContain('value="Bobb &quot;x&quot;"')
    expect(page).toContain('id="to-error">The last day')
  })
})
