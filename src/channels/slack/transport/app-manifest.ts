/**
 * What the app is allowed and told, as `config/slack-manifest.yaml` asks Slack for it: there each has its reason. A test
 * compares both with each other and with what the code calls and listens to.
 */
export const botScopes = [
  'app_mentions:read',
  'channels:history',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'im:history',
  'im:write',
  'mpim:history',
  'users:read',
  'users:read.email',
]

export const botEvents = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'message.channels',
  'message.groups',
  'message.im',
  'message.mpim',
  'tokens_revoked',
]

export const slashCommands = [
  { command: '/expense', hint: 'taxi 12.50 EUR, list, status 42, approvals, report, help' },
]

/** In the menu of a message. */
export const messageShortcuts = [{ name: 'Make this an expense', callbackId: 'make_expense' }]
