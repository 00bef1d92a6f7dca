import { expect, test } from 'vitest'
import {
  renderSlackTroubleMail,
  type SlackTroubleMailView,
} from '../../../templates/email/slack-trouble-mail.ts'
import { hostile } from './sample-expense.ts'

const view: SlackTroubleMailView = {
  company: { name: 'TechCorp Solutions' },
  problem: 'token',
  workspace: null,
  code: 'token_revoked',
  neededScope: null,
  installUrl: null,
}
const installed = { workspace: 'Acme', installUrl: 'https://outlay.example/slack/install' }

test('a token that is refused: what does not work, what Slack says, and which setting to change', () => {
  const { subject, text } = renderSlackTroubleMail(view)
  expect(subject).toBe('Slack does not accept Outlay any more')
  expect(text).toContain('token_revoked')
  expect(text).toMatch(/To mend it\n1\. .*Install App.*\n2\. .*SLACK_BOT_TOKEN/)
  expect(text).toContain('Nothing is lost')
})

test('of a workspace that was installed: the page to install it again', () => {
  for (const problem of ['token', 'removed', 'scope'] as const) {
    const { text } = renderSlackTroubleMail({ ...view, ...installed, problem })
    expect(text).toContain('Acme')
    expect(text).toContain('https://outlay.example/slack/install')
    expect(text).not.toContain('SLACK_BOT_TOKEN')
  }
})

test('a missing permission is named; a socket has a setting of its own', () => {
  const scope = renderSlackTroubleMail({
    ...view,
    problem: 'scope',
    code: 'missing_scope',
    neededScope: 'files:write',
  })
  expect(scope.text).toContain('lacks the permission files:write')
  expect(scope.text).toContain('Reinstall')
  const socket = renderSlackTroubleMail({ ...view, problem: 'app_token', code: 'invalid_auth' })
  expect(socket.text).toContain('connections:write')
  expect(socket.text).toContain('SLACK_APP_TOKEN')
})

test('names that somebody chose stay text', () => {
  const { html } = renderSlackTroubleMail({
    ...view,
    ...installed,
    company: { name: hostile },
    workspace: hostile,
    neededScope: hostile,
    problem: 'scope',
  })
  expect(html).not.toContain('<script')
})
