import { expect, test } from 'vitest'
import { groupsOf } from '../../../src/channels/slack/admin/admin-lists.ts'
import { parseOrganisation } from '../../../src/features/organisation/index.ts'
import { adminListModal } from '../../../templates/slack/admin-list.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'

const text = `company: { name: Acme, currency: USD, time_zone: UTC }
categories: [{ key: tea, name: Tea, active: false }, { key: ink, name: Ink }]
people: [{ name: Ann, email: ann@acme.example, roles: [admin] }]
rules: [{ key: much, name: Much, active: false, when: { amount: { over: "10.00" } }, do: { flag: Much. } }]`

test.each(['policies', 'categories'] as const)('what is not active says so once in the %s', (screen) => {
  const groups = groupsOf(parseOrganisation(text, 'f.yaml'), screen, wordsOf('en-US'))
  const view = { screen, locale: 'en-US', page: 0, pages: null, stamp: 'a', strangers: [], people: null }
  expect(JSON.stringify(adminListModal({ ...view, groups })).match(/not active/g)).toHaveLength(1)
})
