import { expect, test } from 'vitest'
import { renderGivenUpMail } from '../../../templates/email/given-up-mail.ts'
import { hostile } from './sample-expense.ts'

const view = { company: { name: 'TechCorp Solutions' }, section: 'cost_centres', title: null }

test('what was not saved: where it was, that nothing changed, and what to do', () => {
  const { subject, text } = renderGivenUpMail(view)
  expect(subject).toBe('Your change was not saved')
  expect(text).toContain('under cost centres in Slack')
  expect(text).toContain('nothing was changed')
  expect(text).toContain('make the change again')
})

test('what was saved and not told: what it was, and that there is nothing to do', () => {
  const { subject, text, html } = renderGivenUpMail({ ...view, title: hostile })
  expect(subject).toBe('Your change was saved')
  expect(text).toContain('There is nothing to do.')
  expect(html).not.toContain(hostile)
})
