import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shownTo } from '../../../src/channels/slack/people/in-their-language.ts'
import type { ExpenseView } from '../../../src/features/expenses/index.ts'
import { delegationModal } from '../../../templates/slack/delegation-modal.ts'
import { editModal, startModal } from '../../../templates/slack/edit-modal.ts'
import { currencyChoice, option, optionGroup } from '../../../templates/slack/form-inputs.ts'
import type { FormChoices } from '../../../templates/slack/form-subject.ts'
import { loadingModal, messageModal } from '../../../templates/slack/modals.ts'
import type { FormPreview } from '../../../templates/slack/preview-blocks.ts'
import { mostParts, partBlocks, splitAsItIs } from '../../../templates/slack/split-fields.ts'
import { type Words, wordsOf } from '../../../templates/slack/words/index.ts'
import { at, choices, expense } from './example-view.ts'
import { expectView, hostileExpense, huge, many, readers } from './hostile.ts'

const kinds = ['receipt', 'request', 'mileage', 'per_diem'] as const

/** As much to choose from as a company may have, all of it called as `view` says. */
function everyChoice(view: ExpenseView, count: number): FormChoices {
  const named = many(view, 120)
  return {
    categories: named,
    reasons: named,
    costCentres: named.slice(0, count * 2).map(({ id, name }) => ({ code: `c${id}`, name })),
    requests: named.map(({ id, name }) => ({
      id,
      number: 'REQ-2026-0001',
      merchant: name,
      approved: huge,
      left: huge,
    })),
    rates: {
      mileage: named.map(({ id, name }) => ({ key: id, name, unit: 'km' as const, rate: '0.3' })),
      perDiem: named.map(({ id, name }) => {
        const meals = { breakfast: null, lunch: null, dinner: null }
        return { key: id, name, fullDay: huge, travelDay: huge, ...meals }
      }),
    },
  }
}

/** Something is wrong with every input that there is. */
function everyProblem(view: ExpenseView): FormPreview {
  const parts = Array.from({ length: mostParts }, (_, index) => Object.values(partBlocks(index))).flat()
  const blocks = ['merchant', 'amount', 'date', 'category', 'note', 'distance', 'firstDay', ...parts]
  const problems = Object.fromEntries(blocks.map((block) => [block, view.note ?? '']))
  return { ...view, problems, isHalfSplit: false, hasUnread: false }
}

function formsOf(view: ExpenseView, count: number, words: Words) {
  const form = { choices: everyChoice(view, count), today: '2026-11-20', thenSubmit: true }
  const preview = { ...view, problems: {}, isHalfSplit: false, hasUnread: false }
  const full = { parts: mostParts, first: {}, total: null, typed: [view.note ?? ''] }
  const person = (id: string) => ({ id, name: view.submitter.name || 'x', email: view.note ?? '' })
  const delegations = many(view, 120).map(({ id }, index) => ({
    id,
    principal: person(index % 2 === 0 ? 'p' : 'q'),
    delegate: person('r'),
    from: '2026-11-01',
    to: '2026-11-30',
    startsAt: at,
    endsAt: at,
    upTo: huge,
    state: index % 3 === 0 ? ('coming' as const) : ('active' as const),
    createdBy: view.note,
  }))
  return [
    editModal({ ...form, expense: view, split: null, preview }),
    editModal({ ...form, expense: view, split: splitAsItIs(view), preview }),
    editModal({ ...form, expense: view, split: full, preview: everyProblem(view) }),
    ...kinds.flatMap((kind) => [
      startModal({ ...form, kind, company: view.company, split: null, preview: everyProblem(view) }),
      startModal({ ...form, kind, company: view.company, split: full, preview }),
    ]),
    delegationModal({
      personId: 'p',
      delegations,
      company: { ...view.company, stepUpOverMinor: huge.minor },
      today: '2026-11-20',
    }),
    loadingModal(view.note ?? '', words),
    messageModal(view.note ?? '', view.note ?? '', words),
  ]
}

describe.each(readers)('in $locale', (reader) => {
  test('whatever people and receipts say, every form keeps Slack’s limits and mentions nobody', () => {
    fc.assert(
      fc.property(hostileExpense, fc.integer({ min: 1, max: 60 }), (view, count) => {
        const seen = shownTo(view, reader)
        for (const modal of formsOf(seen, count, wordsOf(reader.locale))) expectView(modal)
      }),
      { numRuns: 60 },
    )
  })

  test('titles and buttons are short enough to stand there in full', () => {
    const { forms, common } = wordsOf(reader.locale)
    const { editOf, ...titles } = forms.titles
    const texts = [...Object.values(titles), editOf('EXP-2026-12345')]
    const buttons = [
      forms.submit,
      forms.save,
      forms.goOn,
      forms.delegation.submit,
      common.close,
      common.cancel,
    ]
    expect([...texts, ...buttons].filter((text) => text.length > 24)).toEqual([])
  })

  test('the names of all currencies fit into a menu', () => {
    const long = Intl.supportedValuesOf('currency').map((code) => currencyChoice(code, reader.locale))
    expect(long.map(option).filter(({ text }) => text.text.endsWith('…'))).toEqual([])
  })
})

test('a heading of a menu holds whatever a merchant is called', () => {
  fc.assert(
    fc.property(hostileExpense, ({ merchant }) => {
      for (const { locale } of readers) {
        const heading = wordsOf(locale).forms.category.usedHere(merchant ?? '')
        expect(optionGroup(heading, []).label.text.length).toBeLessThanOrEqual(75)
      }
    }),
  )
})

test('a split of twenty parts fits, however much a company lets people choose from', () => {
  const name = (index: number) => `${index} ${'経費'.repeat(40)}`
  const categories = Array.from({ length: 100 }, (_, index) => ({ id: randomUUID(), name: name(index) }))
  const costCentres = Array.from({ length: 98 }, (_, index) => ({ code: `K-${index}`, name: name(index) }))
  const shares = categories.slice(0, mostParts).map((category, index) => ({
    category,
    costCentre: costCentres[index] ?? null,
    amount: { minor: 100, currency: 'USD' },
    companyAmount: null,
  }))
  for (const given of [expense(), expense({ shares })]) {
    const view = editModal({
      expense: given,
      choices: choices({ categories, costCentres, reasons: categories }),
      today: '2026-11-20',
      thenSubmit: false,
      split: { parts: mostParts, first: {}, total: null, typed: [] },
      preview: null,
    })
    expectView(view)
    const chosen = view.blocks.flatMap((block) =>
      'element' in block && 'initial_option' in block.element ? [block.element.initial_option?.value] : [],
    )
    for (const { category, costCentre } of given.shares) {
      expect(chosen).toEqual(expect.arrayContaining([category.id, costCentre?.code]))
    }
  }
})
