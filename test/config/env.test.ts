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
  ['SMTP_URL', { SMTP_URL: 'mail.example' }],
])('%s is named in one line when it is wrong or its group is half set', (name, source) => {
  expect(() => readEnv(undefined, source)).toThrow(
    expect.objectContaining({
      code: 'env_invalid',
      message: expect.stringMatching(new RegExp(`^${name} [^\\n]+$`)),
    }),
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
