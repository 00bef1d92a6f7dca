import { describe, expect, test } from 'vitest'
import { unpaidModal } from '../../../templates/slack/unpaid-modal.ts'
import { at, buttons, words } from './example-view.ts'
import { delegation, home, line, page, usd, waitingLine } from './home-support.ts'

const german = { locale: 'de-DE', timeZone: 'Europe/Berlin' }
const summary = { count: 12, total: usd(320_400), since: new Date('2026-11-03T09:00:00Z') }

const organisation = {
  people: 14,
  without: { team: 0, manager: 0 },
  policies: 5,
  rules: 1,
  limits: 2,
  categories: 4,
  reasons: 9,
  costCentres: 2,
}

const warned = (message: string) => ({
  code: 'rule:x',
  severity: 'warning' as const,
  message,
  clause: null,
})

describe('App Home', () => {
  test('welcomes whoever has nothing there yet, and shows no empty lists', () => {
    const shown = home()
    expect(words(shown)).toContain('*Hello Frank Miller.*')
    expect(shown.blocks.filter(({ type }) => type === 'header')).toEqual([])
    expect(buttons(shown)).toEqual([
      'start.receipt',
      'start.request',
      'start.mileage',
      'start.per_diem',
      'delegation.open',
      'settings.open',
    ])
  })

  test('starts what the company pays for', () => {
    const shown = buttons(home({ has: { mileage: false, perDiem: false } }))
    expect(shown.slice(0, 3)).toEqual(['start.receipt', 'start.request', 'delegation.open'])
  })

  test('says first what waits: how many, how much, since when; and decides with one press', () => {
    const waiting = {
      ...page(
        waitingLine(),
        waitingLine({
          approvalId: 'a2',
          warned: [
            warned('Alcohol is only paid for with a meal with customers. (4.4)'),
            warned('Seen before.'),
          ],
          uncertain: ['date'],
          onBehalfOf: 'Eve Davis',
        }),
      ),
      summary,
    }
    const shown = home({ waiting, drafts: page(line()) })
    expect(words(shown)).toContain('To approve (12)')
    expect(words(shown)).toContain('*USD 3,204.00* in all  ·  the oldest has waited 17 days')
    expect(words(shown)).toContain(
      '*USD 12.50*  ·  Corner Shop  ·  Grace Taylor\nMeals  ·  came today  ·  EXP-2026-0042',
    )
    expect(words(shown)).toContain('for Eve Davis')
    // The gravest reason, before what is only unsure; the details have the others.
    expect(words(shown)).toContain(
      '\n:warning: Alcohol is only paid for with a meal with customers. (4.4) (and 2 more)',
    )
    expect(words(shown).indexOf('To approve')).toBeLessThan(words(shown).indexOf('Drafts'))
    expect(words(shown)).not.toContain('Hello')
    expect(buttons(shown).slice(0, 5)).toEqual([
      'approval.approve',
      'approval.details',
      'approval.approve',
      'approval.details',
      'approval.several',
    ])
  })

  test('begins with what waits, also when there is nothing else', () => {
    const waiting = { ...page(waitingLine()), summary }
    expect(home({ waiting }).blocks[0]).toMatchObject({ type: 'header' })
  })

  test('opens the form that asks for a code where deciding takes one', () => {
    const waiting = { ...page(waitingLine({ needsCode: true })), summary: { ...summary, count: 1 } }
    const shown = home({ waiting })
    expect(buttons(shown)).toContain('approval.approve_by_code')
    expect(buttons(shown)).not.toContain('approval.approve')
    expect(buttons(shown)).not.toContain('approval.several')
  })

  test('gives the reason of what came back, and of what nobody may decide', () => {
    const shown = home({
      sentBack: page(
        line({ status: 'sent_back', said: { by: 'Frank Miller', text: 'Who was there?' } }),
        line({ id: 'e2', status: 'blocked', said: { by: null, text: 'A receipt is needed.' } }),
      ),
    })
    expect(words(shown)).toContain('Frank Miller: “Who was there?”  ·  EXP-2026-0042')
    expect(words(shown)).toContain(':no_entry: A receipt is needed.')
  })

  test('says of each draft what it needs, and submits what needs nothing', () => {
    const empty = line({ id: '1', merchant: null, amount: null, missing: ['merchant', 'amount', 'category'] })
    const sure = line({ id: '4' })
    const others = [line({ id: '2', uncertain: ['date'] }), line({ id: '3', isReading: true })]
    const shown = home({ drafts: page(empty, ...others, sure) })
    expect(words(shown)).toContain('Still missing: the merchant, the amount and the category')
    expect(words(shown)).toContain('Please check: the date')
    expect(words(shown)).toContain('Being read…')
    expect(words(shown)).toContain('Ready to submit')
    expect(buttons(home({ drafts: page(empty) }))).not.toContain('expense.submit')
    expect(buttons(home({ drafts: page(sure) }))).toContain('expense.submit')
  })

  test('says in words what became of each expense', () => {
    const shown = home({
      recent: page(
        line({ id: '1', status: 'awaiting_approval', waitingFor: 'Frank Miller, Eve Davis' }),
        line({ id: '2', status: 'rejected', said: { by: 'Frank Miller', text: 'Private' } }),
        line({ id: '3', status: 'approved' }),
        line({ id: '4', status: 'settled' }),
        line({ id: '5', status: 'submitted' }),
      ),
    })
    for (const state of [
      'Waiting for Frank Miller, Eve Davis',
      'Rejected by Frank Miller: “Private”',
      ':white_check_mark: Approved',
      ':moneybag: Paid',
      'On its way',
    ]) {
      expect(words(shown)).toContain(state)
    }
  })

  test('tells two by their numbers that look alike, and says a number once', () => {
    const shown = home({ drafts: page(line(), line({ id: 'e2', merchant: null })), recent: page(line()) })
    expect(words(shown)).toContain('Ready to submit  ·  Nov 17, 2026  ·  EXP-2026-0042')
    expect(words(shown).match(/EXP-2026-0042/g)).toHaveLength(3)
  })

  test('turns the pages of a list that has others, and of no other list', () => {
    const drafts = { ...page(line()), hasMore: true, count: 30 }
    const first = home({ drafts })
    expect(buttons(first)).toContain('home.more')
    expect(buttons(first)).not.toContain('home.back')
    expect(JSON.stringify(first)).toContain('"drafts e1"')
    expect(words(first)).toContain('Drafts (30)')
    const last = home({ drafts: { ...drafts, hasMore: false, hasBefore: true } })
    expect(buttons(last)).not.toContain('home.more')
    expect(buttons(last)).toContain('home.back')
  })

  test('says what is left of each request, and gives it back', () => {
    const offsite = {
      id: 'q',
      number: 'REQ-2026-0007',
      merchant: 'Offsite',
      approved: usd(40_000),
      left: usd(28_000),
      used: usd(12_000),
    }
    const shown = home({ requests: page(offsite) })
    expect(words(shown)).toContain('*Offsite*\n*USD 280.00* left of USD 400.00  ·  REQ-2026-0007')
    expect(buttons(shown)).toContain('request.close')
    const overdrawn = home({
      requests: page({ ...offsite, approved: usd(6000), left: usd(0), used: usd(6090) }),
    })
    expect(words(overdrawn)).toContain('*Offsite*\n*USD 60.90* of USD 60.00 spent  ·  REQ-2026-0007')
    expect(buttons(overdrawn)).toContain('request.close')
  })

  test('says who decides for whom until when, and ends what is one’s own', () => {
    const alice = { id: 'alice', name: 'Alice Chen', email: 'alice@techcorp.example' }
    const own = delegation({ upTo: usd(100_000) })
    const shown = home({
      delegations: page(own, delegation({ id: 'd2', principal: alice, state: 'coming', from: '2026-12-01' })),
    })
    expect(words(shown)).toContain('*Bob Smith* decides for you until Dec 14, 2026, up to USD 1,000.00.')
    expect(words(shown)).toContain('*You* decide for *Alice Chen* from Dec 1, 2026 to Dec 14, 2026.')
    expect(buttons(shown).filter((action) => action === 'delegation.end')).toHaveLength(1)
  })

  test('shows finance how the months stand, and an admin what only they can mend', () => {
    const finance = {
      months: [
        { month: '2026-11', total: usd(120_400), count: 14, closed: false, isOver: false },
        { month: '2026-10', total: usd(90_000), count: 1, closed: false, isOver: true },
        { month: '2026-09', total: usd(80_000), count: 9, closed: true, isOver: true },
      ],
      unpaid: { total: usd(300_000), count: 22 },
    }
    const admin = {
      strangers: page({
        id: 's',
        name: 'Zoe <!here>',
        email: 'zoe@techcorp.example',
        askedAt: summary.since,
      }),
      stuck: page(line({ status: 'blocked' })),
      organisation,
    }
    const shown = home({ finance, admin })
    expect(words(shown)).toContain('*November 2026*  ·  USD 1,204.00  ·  14 expenses  ·  so far')
    expect(words(shown)).toContain('1 expense  ·  :hourglass_flowing_sand: still open')
    expect(words(shown)).toContain(':lock: closed')
    expect(words(shown)).toContain('*To pay*  ·  USD 3,000.00  ·  22 expenses')
    expect(words(shown)).toContain('*Zoe &lt;!here&gt;* asked for access')
    expect(words(shown)).toContain('*Corner Shop, USD 12.50* of Grace Taylor: nobody may decide it')
    expect(words(home())).not.toMatch(/Finance|Admin/)
    // Whoever looks after the company is not told how to begin.
    expect(words(shown)).not.toContain('Hello')
  })

  test('groups what an admin looks after, with what to look at, and has a menu of the rest', () => {
    const shown = (change: Partial<typeof organisation> = {}) =>
      home({ admin: { strangers: page(), stuck: page(), organisation: { ...organisation, ...change } } })
    const view = shown({ without: { team: 0, manager: 3 } })
    expect(words(view)).toContain('*People*\n14 people use Outlay  ·  :warning: 3 without a manager')
    expect(words(view)).not.toContain('without a team')
    expect(words(view)).toContain('*Policies*\n5 policies, 1 rule, 2 limits')
    expect(words(shown({ policies: 0 }))).toContain('No policy yet: finance decides everything')
    expect(buttons(view).filter((action) => action.startsWith('admin.'))).toEqual([
      'admin.people',
      'admin.policies',
      'admin.categories',
      'admin.company',
      'admin.delegations',
    ])
    expect(JSON.stringify(view)).toContain('"admin.more"')
  })

  test('speaks German to whoever reads German, with its dates and amounts', () => {
    const shown = home({
      reader: german,
      waiting: { ...page(waitingLine()), summary },
      drafts: page(line({ missing: ['category'] })),
      note: 'Das war schon entschieden.',
    })
    expect(words(shown)).toContain('Zur Freigabe (12)')
    expect(words(shown)).toContain('Entwürfe')
    expect(words(shown)).toContain('Das war schon entschieden.')
    expect(words(shown)).not.toMatch(/To approve|Drafts|Details:|waited|Settings/)
    expect(words(shown)).toContain('12,50')
  })
})

test('what is to be paid and stands out has a mark, and below the list why', () => {
  const unpaid = (number: string, ...messages: string[]) => ({
    expenseId: number,
    number,
    submitter: 'Grace Taylor',
    merchant: 'Corner Shop',
    total: usd(1250),
    date: '2026-11-17',
    approvedAt: at,
    warned: messages.map(warned),
  })
  const view = unpaidModal({
    lines: [unpaid('EXP-1', 'Seen before.', 'Late.'), unpaid('EXP-2')],
    hasMore: false,
    before: [],
    sum: { total: usd(2500), count: 2 },
    reader: german,
    said: null,
  })
  const shown = words(view)
  expect(shown).toContain(':warning: EXP-1: Seen before. (und 1 weitere)')
  expect(JSON.stringify(view).match(/"text":":warning: [^"]*Grace Taylor"/g)).toHaveLength(1)
  expect(shown).not.toContain('EXP-2:')
})
