import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountField, type OrganisationChanged } from '../../../src/features/organisation/index.ts'
import {
  adminConfirmModal,
  adminRefusedModal,
  adminSavedModal,
  adminSavedText,
  adminWaitingModal,
} from '../../../templates/slack/admin-confirm.ts'
import {
  adminBlock,
  adminFields,
  adminScreens,
  adminSections,
  fieldOfBlock,
  fieldsAsked,
} from '../../../templates/slack/admin-fields.ts'
import { adminFormModal, mostBands } from '../../../templates/slack/admin-form.ts'
import { type AdminValue, adminInput } from '../../../templates/slack/admin-inputs.ts'
import { type AdminLine, adminListModal } from '../../../templates/slack/admin-list.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'
import { expectHarmless, expectView, hostile, readers } from './hostile.ts'

const stamp = 'a1b2c3d4e5f6'
const handle = (index: number) => `${index}`.padStart(22, 'x')

test('every list keeps Slack’s limits, however much is in it and whatever it is called', () => {
  const given = fc.record({
    title: hostile,
    text: hostile,
    count: fc.constantFrom(0, 1, 39, 40, 41, 300),
    page: fc.integer({ min: -1, max: 99 }),
    screen: fc.constantFrom(...adminScreens),
    reader: fc.constantFrom(...readers),
  })
  fc.assert(
    fc.property(given, ({ title, text, count, page, screen, reader }) => {
      const kind = screen === 'delegations' ? 'delegations' : 'categories'
      const lines = Array.from({ length: count }, (_, index): AdminLine => {
        return {
          section: kind,
          id: handle(index),
          title,
          aside: text,
          text,
          isActive: index % 2 === 0,
          button: kind === 'delegations' ? 'end' : 'change',
          ending: { delegate: title, principal: text },
        }
      })
      const isGrouped = screen === 'policies'
      const sections = isGrouped ? (['policies', 'rules', 'limits', 'tests'] as const) : ([kind] as const)
      const view = adminListModal({
        screen,
        locale: reader.locale,
        groups: sections.map((section) => ({
          section,
          isTitled: isGrouped,
          lines: lines.map((line) => ({ ...line, section })),
        })),
        page,
        pages: null,
        stamp,
        strangers: Array.from({ length: count }, (_, index) => ({
          id: handle(index),
          name: index % 2 === 0 ? title : null,
          email: text,
        })),
        people: { active: '9', all: '10' },
      })
      expectView(view)
    }),
    { numRuns: 150 },
  )
})

function valueFor(kind: string, text: string): AdminValue {
  const choice = { id: handle(1), name: text, description: text }
  switch (kind) {
    case 'choice':
      return choice
    case 'choices':
      return Array.from({ length: 150 }, (_, index) => ({ ...choice, id: handle(index) }))
    case 'lines':
      return Array.from({ length: 40 }, () => text)
    case 'ticks':
      return ['manager', 'monday']
    case 'switch':
      return true
    case 'number':
      return '12'
    case 'date':
      return '2026-11-20'
    default:
      return text
  }
}

test('every form keeps Slack’s limits, whatever stands in it', () => {
  const given = fc.record({
    text: hostile,
    section: fc.constantFrom(...adminSections),
    isNew: fc.boolean(),
    choices: fc.constantFrom(0, 1, 100, 101, 500),
    reader: fc.constantFrom(...readers),
  })
  fc.assert(
    fc.property(given, ({ text, section, isNew, choices, reader }) => {
      const offered = Array.from({ length: choices }, (_, index) => ({ id: handle(index), name: text }))
      const view = adminFormModal({
        section,
        locale: reader.locale,
        isNew,
        known: text,
        meaning: text,
        problems: [text, text],
        inputs: fieldsAsked(section, isNew).map((field) => ({
          field,
          // What is chosen is one of what is offered, where all of it is.
          value:
            choices === 0 || choices > 100 ? valueFor(field.kind, text) : chosenOf(field.kind, offered, text),
          choices: offered,
        })),
        amounts: null,
        stamp,
        metadata: JSON.stringify({ section, id: handle(0), seen: handle(1), stamp, asText: true }),
        removal: JSON.stringify({ section, id: handle(0), seen: handle(1) }),
      })
      expectView(view)
    }),
    { numRuns: 200 },
  )
})

test('the form of amounts keeps Slack’s limits, however many bands there are', () => {
  const given = fc.record({
    text: hostile,
    count: fc.integer({ min: 1, max: mostBands }),
    reader: fc.constantFrom(...readers),
  })
  fc.assert(
    fc.property(given, ({ text, count, reader }) => {
      const view = adminFormModal({
        section: 'policies',
        locale: reader.locale,
        isNew: false,
        known: text,
        meaning: text,
        problems: [],
        inputs: Array.from({ length: count }, (_, index) => ({
          field: { name: amountField(index), kind: 'text', most: 40, isAmount: true },
          value: text,
          choices: null,
          hint: text,
        })),
        amounts: {
          expenses: text,
          bands: Array.from({ length: count }, (_, index) => ({
            name: text,
            asks: text,
            above: index === 0 ? null : index - 1,
            upTo: index === count - 1 ? null : index,
          })),
          asText: `policies ${handle(0)} text`,
        },
        stamp,
        metadata: JSON.stringify({
          section: 'policies',
          id: handle(0),
          seen: handle(1),
          stamp,
          asText: false,
        }),
        removal: JSON.stringify({ section: 'policies', id: handle(0), seen: handle(1) }),
      })
      expectView(view)
    }),
    { numRuns: 60 },
  )
})

function chosenOf(kind: string, offered: { id: string; name: string }[], text: string): AdminValue {
  if (kind === 'choice') return offered[0] ?? null
  if (kind === 'choices') return offered
  return valueFor(kind, text)
}

const hostileChange = fc
  .record({
    text: hostile,
    other: hostile,
    section: fc.constantFrom(...adminSections.filter((section) => section !== 'delegations')),
    kind: fc.constantFrom('added', 'changed', 'removed'),
    many: fc.integer({ min: 0, max: 60 }),
  })
  .map(({ text, other, section, kind, many }): OrganisationChanged => {
    const entry = (value: string) =>
      Object.fromEntries(
        adminFields[section].map(({ name }) => [name, name === 'keywords' ? Array(many).fill(value) : value]),
      )
    return {
      section,
      changes: Array.from({ length: many }, () => text),
      title: other,
      before: kind === 'added' ? null : entry(text),
      after: kind === 'removed' ? null : entry(other),
      meaning: text,
      gaps: [
        { field: 'team', isAsked: many > 1 },
        { field: 'manager', isAsked: many > 2 },
      ],
      departures: Array.from({ length: many }, () => ({
        name: text,
        waiting: { now: many, later: 1 },
        delegations: [{ principal: text, delegate: other }],
        approvals: (['approved', 'blocked', 'moved'] as const).map((outcome) => {
          return { count: many, outcome, to: Array<string>(many).fill(other) }
        }),
      })),
      warnings: Array.from({ length: Math.min(many, 10) }, () => text),
      examples: Array.from({ length: many }, (_, index) => ({
        name: other,
        problems: index % 2 === 0 ? [text] : [],
        failedBefore: index % 4 === 0,
      })),
    }
  })

test('what a change means keeps Slack’s limits, whatever it is about', () => {
  fc.assert(
    fc.property(hostileChange, fc.constantFrom(...readers), (changed, { locale }) => {
      const words = wordsOf(locale)
      const view = { changed, locale }
      expectView(adminConfirmModal({ ...view, metadata: '{}' }))
      expectView(adminSavedModal(view))
      expectHarmless({ type: 'mrkdwn', text: adminSavedText(view) })
      const problems = changed.warnings.map((message) => ({ field: 'name', message }))
      expectView(adminRefusedModal([...problems, { field: null, message: changed.title }], words))
      expectView(adminWaitingModal('checking', words, 'admin-1'))
      expectView(adminWaitingModal('savingLong', words))
    }),
    { numRuns: 150 },
  )
})

test('a block says which field it asks for', () => {
  for (const section of adminSections) {
    for (const { name } of adminFields[section]) expect(fieldOfBlock(adminBlock(name, stamp))).toBe(name)
  }
})

test('every field and title has a name in every language, which fits', () => {
  for (const { locale } of readers) {
    const { admin } = wordsOf(locale)
    for (const section of adminSections) {
      for (const { name } of adminFields[section]) expect(admin.fields[name]).toBeTruthy()
      expect(admin.adding[section].length).toBeLessThanOrEqual(24)
      expect(admin.changing[section].length).toBeLessThanOrEqual(24)
    }
    const titles = [
      ...Object.values(admin.screens),
      admin.confirmTitle,
      admin.savedTitle,
      admin.notSavedTitle,
    ]
    for (const title of titles) expect(title.length).toBeLessThanOrEqual(24)
  }
})

test('German says in German every mistake that a form of ours can make', () => {
  const { mistakes } = wordsOf('de-DE').admin
  const typed = adminSections
    .filter((section) => section !== 'delegations')
    .flatMap((section) => adminFields[section].map((field) => ({ section, field })))
    .filter(({ field }) => ['text', 'email', 'number', 'lines'].includes(field.kind) && field.name !== 'text')
  for (const { section, field } of typed) {
    expect(
      mistakes[`${section}.${field.name}`] ?? mistakes[field.name],
      `${section}.${field.name}`,
    ).toBeTruthy()
  }
})

const changed: OrganisationChanged = {
  section: 'people',
  changes: ['person x: added'],
  title: 'Nora New',
  before: null,
  after: { name: 'Nora New', email: 'nora@techcorp.example' },
  meaning: null,
  departures: [],
  gaps: [],
  warnings: [],
  examples: [],
}

test('says what somebody has not and what that means, and asks to think again only where it matters', () => {
  const shown = (change: Partial<OrganisationChanged>) =>
    adminConfirmModal({ changed: { ...changed, ...change }, locale: 'en-US', metadata: '{}' })
  const asked = shown({ gaps: [{ field: 'manager', isAsked: true }] })
  expect(JSON.stringify(asked)).toContain(
    'Nora New has no manager.* Nobody approves as their manager until they have one: finance decides instead.',
  )
  expect(asked.submit?.text).toBe('Save anyway')
  const notAsked = shown({ gaps: [{ field: 'team', isAsked: false }] })
  expect(JSON.stringify(notAsked)).toContain('No policy asks for one now')
  expect(notAsked.submit?.text).toBe('Save')
  expect(shown({ warnings: ['Look at this.'] }).submit?.text).toBe('Save anyway')
  const fails = (failedBefore: boolean) => [{ name: 'Dinner', problems: ['other'], failedBefore }]
  expect(shown({ examples: fails(false) }).submit?.text).toBe('Save anyway')
  expect(shown({ examples: fails(true) }).submit?.text).toBe('Save')
})

test('says apart what waits for somebody who leaves and what would have come to them, and who takes over', () => {
  const leaving = (now: number, later: number) => ({
    ...changed,
    departures: [
      {
        name: 'Frank Miller',
        waiting: { now, later },
        delegations: [],
        approvals: [
          { count: 7, outcome: 'moved' as const, to: ['Eve Davis'] },
          { count: 1, outcome: 'blocked' as const, to: [] },
        ],
      },
    ],
  })
  const shown = (now: number, later: number) =>
    JSON.stringify(adminConfirmModal({ changed: leaving(now, later), locale: 'en-US', metadata: '{}' }))
  expect(shown(3, 5)).toContain('3 requests wait for Frank Miller now; 5 more would come to them later.')
  expect(shown(3, 5)).toContain('7 go to Eve Davis instead.')
  expect(shown(3, 5)).toContain('1 is stuck: nobody else may decide.')
  expect(shown(8, 0)).toContain('8 requests wait for Frank Miller now.')
  expect(shown(0, 8)).toContain('8 requests would come to Frank Miller later.')
  // As it was stored before this was told apart.
  expect(shown(0, 0)).not.toMatch(/0 requests|would come/)
  expect(shown(0, 0)).toContain('7 go to Eve Davis instead.')
})

test('says of what is saved what became of it, and no more what waits', () => {
  const departures = [
    {
      name: 'Eve Davis',
      waiting: { now: 1, later: 0 },
      delegations: [],
      approvals: [{ count: 1, outcome: 'moved' as const, to: ['David Wilson'] }],
    },
  ]
  const saved = (locale: string) =>
    JSON.stringify(adminSavedModal({ changed: { ...changed, departures, warnings: ['It is odd.'] }, locale }))
  expect(saved('en-US')).toContain('1 request went to David Wilson.')
  expect(saved('en-US')).not.toMatch(/waits for|Please look at this/)
  expect(saved('de-DE')).toContain('1 Anfrage ging an David Wilson.')
  expect(saved('de-DE')).not.toMatch(/wartet|Das fällt auf/)
})

test('a question with two answers is never called optional, and is answered beforehand', () => {
  const field = { name: 'active', kind: 'switch', text: 'active' } as const
  const asked = (value: boolean) =>
    adminInput(field, { section: 'people', stamp, value, choices: null }, wordsOf('en-US'))
  expect(asked(true)).toMatchObject({ optional: false, element: { initial_option: { value: 'on' } } })
  expect(asked(false)).toMatchObject({ optional: false, element: { initial_option: { value: 'off' } } })
})

test('what is saved can be left at once, or gone back from', () => {
  const saved = adminSavedModal({ changed, locale: 'en-US' })
  expect([saved.submit?.text, saved.close?.text]).toEqual(['Done', 'Back'])
})
