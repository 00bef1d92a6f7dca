import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { userError } from '../src/kernel/errors.ts'

/**
 * The only place that reads `process.env`. Every group (database, queue, Slack, mail) is embedded when it is unset; an
 * invalid or half-set group stops the start with one line that names the variable.
 */
const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .pipe(z.number().max(65535, 'must be a port number'))
const hasNoRepeats = (values: unknown[]) => new Set(values).size === values.length
const role = z.enum(['web', 'slack', 'mail', 'worker', 'relay'])
const url = (...schemes: string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
    error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  })

const schema = z.object({
  PORT: port.default(3000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: url('http', 'https').optional(),
  OUTLAY_HOME: z.string().default('.outlay'),
  OUTLAY_ROLES: z
    .string()
    .default('web,slack,mail,worker,relay')
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(role).min(1)),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  REDIS_URL: url('redis', 'rediss').optional(),
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-').optional(),
  SLACK_SIGNING_SECRET: z.string().min(1).optional(),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-').optional(),
  SLACK_CLIENT_ID: z
    .string()
    .regex(/^\d+\.\d+$/, 'must be two numbers with a dot between, as Slack shows it')
    .optional(),
  SLACK_CLIENT_SECRET: z.string().min(1).optional(),
  SLACK_API_URL: url('http', 'https').default('https://slack.com/api/'),
  SANDBOX_SLACK_MODE: z.enum(['http', 'socket']).optional(),
  SMTP_URL: url('smtp', 'smtps').optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, 'must be an address such as Outlay <expenses@example.com>')
    .default('Outlay <outlay@localhost>'),
  INTAKE_SMTP_PORT: port.optional(),
  IMAP_URL: z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .pipe(z.array(url('imap', 'imaps')).min(1))
    .optional(),
  MAIL_AUTHSERV_ID: z.string().min(1).optional(),
  MAIL_TRUSTED_PEERS: z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .optional(),
  GEMINI_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be one word without blanks')
    .optional(),
  GEMINI_MODEL: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)?$/, 'must be the name of a model')
    .default('gemini-3.5-flash-lite'),
  GEMINI_BASE_URL: url('http', 'https').optional(),
  LINK_KEYS: z
    .string()
    .regex(
      /^[\w-]+:[^,]{32,}(,[\w-]+:[^,]{32,})*$/,
      'must be kid:secret,… with secrets of at least 32 characters',
    )
    .refine((text) => hasNoRepeats(text.split(',').map((part) => part.split(':')[0])), 'names a key twice')
    .optional(),
  DATA_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

/** Settings of later milestones: whoever sets one believes that it does something. */
const notYet = ['S3_URL', 'DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY', 'OIDC_ISSUER']

export type Role = z.infer<typeof role>

export interface Env {
  port: number
  host: string
  /** Where people reach the web pages; no slash at its end. undefined: at `port` of this machine. */
  publicUrl: string | undefined
  /** Absolute path of the directory that holds everything embedded. */
  home: string
  roles: ReadonlySet<Role>
  /** undefined: the embedded PostgreSQL in `home`. */
  databaseUrl: string | undefined
  /** undefined: the queue lives in PostgreSQL. */
  redisUrl: string | undefined
  /** undefined: the sandbox workspace. */
  slack: SlackEnv | undefined
  /** How the sandbox workspace delivers to us. */
  sandboxSlackMode: 'http' | 'socket'
  /** undefined: the sandbox mailbox. */
  smtpUrl: string | undefined
  mailFrom: string
  intake: {
    /** 0: no SMTP intake. */
    smtpPort: number
    /** Nobody asked for this very port: another will do where it is taken. */
    anyPort: boolean
    imapUrls: string[]
    /** Whose Authentication-Results count. */
    authservId: string | null
    /** Addresses whose SMTP deliveries count as proven. */
    trustedPeers: string[]
  }
  gemini: { apiKey: string; model: string; baseUrl: string | undefined } | undefined
  /** undefined: generated and kept in `home`. */
  linkKeys: string | undefined
  /** Encrypts what is kept secret in the database. undefined: generated and kept in `home`. */
  dataKey: string | undefined
  logLevel: z.infer<typeof schema>['LOG_LEVEL']
}

export interface SlackEnv {
  /** One workspace by its token, or many that are installed by OAuth. */
  access: { botToken: string } | SlackOAuth
  /** By signed HTTP, or by Socket Mode. */
  transport: { signingSecret: string } | { appToken: string }
  apiUrl: string
}

export interface SlackOAuth {
  clientId: string
  clientSecret: string
}

/**
 * Reads and checks the environment.
 * @param roles replaces OUTLAY_ROLES
 * @throws userError `env_invalid` with one line that names the variable and what is wrong with it.
 */
export function readEnv(roles?: string, source: NodeJS.ProcessEnv = process.env): Env {
  // An empty variable counts as unset: compose files and CI systems write `VAR=` for "none".
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(roles === undefined ? present : { ...present, OUTLAY_ROLES: roles })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw invalid(String(issue?.path[0] ?? 'environment'), issue?.message ?? 'is invalid')
  }
  for (const name of notYet) if (name in present) throw invalid(name, 'is not supported yet')
  const env = parsed.data
  if (env.DATABASE_URL) {
    for (const name of ['PUBLIC_URL', 'LINK_KEYS', 'DATA_KEY'] as const) {
      if (!env[name]) throw invalid(name, 'is required when DATABASE_URL is set')
    }
  }
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ''),
    home: isAbsolute(env.OUTLAY_HOME) ? env.OUTLAY_HOME : resolve(env.OUTLAY_HOME),
    roles: new Set(env.OUTLAY_ROLES),
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    slack: slackEnv(env),
    sandboxSlackMode: env.SANDBOX_SLACK_MODE ?? 'http',
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    intake: {
      smtpPort: env.INTAKE_SMTP_PORT ?? (env.DATABASE_URL ? 0 : 2525),
      anyPort: env.INTAKE_SMTP_PORT === undefined,
      imapUrls: env.IMAP_URL ?? [],
      authservId: env.MAIL_AUTHSERV_ID ?? null,
      trustedPeers: env.MAIL_TRUSTED_PEERS ?? (env.DATABASE_URL ? [] : ['127.0.0.1', '::1']),
    },
    gemini: env.GEMINI_API_KEY
      ? { apiKey: env.GEMINI_API_KEY, model: env.GEMINI_MODEL, baseUrl: env.GEMINI_BASE_URL }
      : undefined,
    linkKeys: env.LINK_KEYS,
    dataKey: env.DATA_KEY,
    logLevel: env.LOG_LEVEL,
  }
}

const slackVariables = [
  'SLACK_BOT_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_APP_TOKEN',
  'SLACK_CLIENT_ID',
  'SLACK_CLIENT_SECRET',
] as const

function slackEnv(env: z.infer<typeof schema>): SlackEnv | undefined {
  const first = slackVariables.find((name) => env[name])
  if (!first) return undefined
  if (env.SANDBOX_SLACK_MODE) throw invalid('SANDBOX_SLACK_MODE', `has no effect when ${first} is set`)
  return { access: slackAccess(env, first), transport: slackTransport(env, first), apiUrl: env.SLACK_API_URL }
}

function slackAccess(env: z.infer<typeof schema>, first: string): SlackEnv['access'] {
  const { SLACK_BOT_TOKEN: botToken, SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = env
  if (botToken && (clientId || clientSecret)) {
    const why =
      'is for one workspace; with SLACK_CLIENT_ID each workspace gets its own token. Unset one of them'
    throw invalid('SLACK_BOT_TOKEN', why)
  }
  if (botToken) return { botToken }
  if (clientId && clientSecret) return { clientId, clientSecret }
  if (clientId) throw invalid('SLACK_CLIENT_SECRET', 'is required when SLACK_CLIENT_ID is set')
  if (clientSecret) throw invalid('SLACK_CLIENT_ID', 'is required when SLACK_CLIENT_SECRET is set')
  throw invalid('SLACK_BOT_TOKEN', `is required when ${first} is set`)
}

function slackTransport(env: z.infer<typeof schema>, first: string): SlackEnv['transport'] {
  if (env.SLACK_APP_TOKEN) return { appToken: env.SLACK_APP_TOKEN }
  if (env.SLACK_SIGNING_SECRET) return { signingSecret: env.SLACK_SIGNING_SECRET }
  throw invalid('SLACK_SIGNING_SECRET', `(or SLACK_APP_TOKEN) is required when ${first} is set`)
}

function invalid(name: string, problem: string): Error {
  return userError('env_invalid', `${name} ${problem}. See the table of settings in README.md.`)
}
