import { expect, test } from 'vitest'
import { readEnv } from '../../config/env.ts'

test('with nothing set, everything is embedded', () => {
  const env = readEnv(undefined, {})
  expect(env).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: undefined,
    slack: undefined,
    smtpUrl: undefined,
  })
  expect([...env.roles]).toEqual(['web', 'slack', 'mail', 'worker', 'relay'])
})

test.each([
  ['PORT', { PORT: 'http' }],
  ['OUTLAY_ROLES', { OUTLAY_ROLES: 'web,wizard' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
  ['PUBLIC_URL', { DATABASE_URL: 'postgres://u@h/d' }],
  ['LINK_KEYS', { DATABASE_URL: 'postgres://u@h/d', PUBLIC_URL: 'https://o.example' }],
  ['LINK_KEYS', { LINK_KEYS: 'short' }],
  ['SLACK_SIGNING_SECRET', { SLACK_BOT_TOKEN: 'xoxb-1' }],
  ['SLACK_BOT_TOKEN', { SLACK_SIGNING_SECRET: 's' }],
  ['SLACK_BOT_TOKEN', { SLACK_APP_TOKEN: 'xapp-1' }],
  ['SLACK_APP_TOKEN', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xoxb-1' }],
  ['SLACK_CLIENT_SECRET', { SLACK_CLIENT_ID: '1.2', SLACK_SIGNING_SECRET: 's' }],
  ['SLACK_CLIENT_ID', { SLACK_CLIENT_SECRET: 'c', SLACK_SIGNING_SECRET: 's' }],
  ['SLACK_CLIENT_ID', { SLACK_CLIENT_ID: 'A0123', SLACK_CLIENT_SECRET: 'c' }],
  ['SLACK_SIGNING_SECRET', { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'c' }],
  ['SANDBOX_SLACK_MODE', { SANDBOX_SLACK_MODE: 'pigeon' }],
  ['SMTP_URL', { SMTP_URL: 'mail.example' }],
])('%s is named in one line when it is wrong or its group is half set', (name, source) => {
  expect(() => readEnv(undefined, source)).toThrow(
    expect.objectContaining({
      code: 'env_invalid',
      message: expect.stringMatching(new RegExp(`^${name} [^\\n]+$`)),
    }),
  )
})

const socket = { appToken: 'xapp-1' }
const http = { signingSecret: 's' }
const one = { botToken: 'xoxb-1' }
const many = { clientId: '1.2', clientSecret: 'c' }

test.each([
  ['one workspace by HTTP', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's' }, one, http],
  ['one by Socket Mode', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, one, socket],
  [
    'many by HTTP',
    { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'c', SLACK_SIGNING_SECRET: 's' },
    many,
    http,
  ],
  [
    'many by Socket Mode',
    { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'c', SLACK_APP_TOKEN: 'xapp-1' },
    many,
    socket,
  ],
  [
    'Socket Mode where both are set',
    { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_SIGNING_SECRET: 's' },
    one,
    socket,
  ],
])('Slack: %s', (_what, source, access, transport) => {
  const apiUrl = 'https://slack.com/api/'
  expect(readEnv(undefined, source).slack).toEqual({ access, transport, apiUrl })
})

test('a token of one workspace and the installation of many exclude each other', () => {
  const source = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'c' }
  expect(() => readEnv(undefined, { ...source, SLACK_SIGNING_SECRET: 's' })).toThrow(
    /^SLACK_BOT_TOKEN is for one workspace; .*Unset one of them/,
  )
})

test('how the sandbox delivers can be chosen where there is a sandbox, and nowhere else', () => {
  expect(readEnv(undefined, {}).sandboxSlackMode).toBe('http')
  expect(readEnv(undefined, { SANDBOX_SLACK_MODE: 'socket' }).sandboxSlackMode).toBe('socket')
  const real = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's', SANDBOX_SLACK_MODE: 'socket' }
  expect(() => readEnv(undefined, real)).toThrow(
    /^SANDBOX_SLACK_MODE has no effect when SLACK_BOT_TOKEN is set/,
  )
})

test('no secret is repeated in the message', () => {
  expect(() => readEnv(undefined, { SLACK_BOT_TOKEN: 'hunter2-secret' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  )
})

test('an empty variable counts as unset', () => {
  expect(readEnv(undefined, { DATABASE_URL: '', PORT: '' }).port).toBe(3000)
})

test.each([
  ['LINK_KEYS', { LINK_KEYS: `k1:${'a'.repeat(32)},k1:${'b'.repeat(32)}` }],
  ['MAIL_FROM', { MAIL_FROM: 'foo' }],
  ['PORT', { PORT: '0x50' }],
  ['S3_URL', { S3_URL: 's3://bucket' }],
])('%s: what would be misunderstood is refused', (name, source) => {
  expect(() => readEnv(undefined, source)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(new RegExp(`^${name} `)) }),
  )
})
