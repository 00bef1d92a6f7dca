import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { botEvents, botScopes, messageShortcuts, slashCommands } from './channels/slack/index.ts'
import { acrossCompanies, type Database } from './database/index.ts'
import { everybody } from './features/people/index.ts'
import { logger } from './kernel/logger.ts'
import type { SandboxProcess } from './sandbox-process.ts'

const secretsSchema = z.object({
  slackBotToken: z.string(),
  slackSigningSecret: z.string(),
  slackAppToken: z.string(),
  linkKeys: z.string(),
  dataKey: z.string(),
})

export type SandboxSecrets = z.infer<typeof secretsSchema>

/** What nobody configured is generated once and kept in OUTLAY_HOME for its owner alone. */
export async function readSecrets(home: string): Promise<SandboxSecrets> {
  const file = join(home, 'secrets.json')
  const kept: unknown = JSON.parse(await readFile(file, 'utf8').catch(emptyWhenNew))
  const secret = () => randomBytes(24).toString('hex')
  const secrets = secretsSchema.parse({
    slackBotToken: `xoxb-${secret()}`,
    slackSigningSecret: secret(),
    slackAppToken: `xapp-${secret()}`,
    linkKeys: `k1:${secret()}`,
    dataKey: secret(),
    ...(kept as object),
  })
  await mkdir(home, { recursive: true, mode: 0o700 })
  await writeFile(`${file}.part`, JSON.stringify(secrets), { mode: 0o600 })
  await rename(`${file}.part`, file)
  return secrets
}

/** Only a file that does not exist may be made anew: its links and tokens would be lost otherwise. */
function emptyWhenNew(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}'
  throw error
}

/** Fills the sandbox workspace with the people of this installation and points its events at us. */
export async function openWorkspace(
  database: Database,
  sandbox: SandboxProcess,
  {
    secrets,
    slackMode,
    port,
    intakePort,
  }: { secrets: SandboxSecrets; slackMode: 'http' | 'socket'; port: number; intakePort: number | null },
): Promise<void> {
  const people = await acrossCompanies(database, everybody)
  const posts = people.find(({ email }) => email === 'grace.taylor@techcorp.example') ?? people[0]
  await sandbox.setWorkspace({
    team: { name: 'Outlay sandbox' },
    eventsUrl: `http://127.0.0.1:${port}/slack/events`,
    botToken: secrets.slackBotToken,
    signingSecret: secrets.slackSigningSecret,
    appToken: secrets.slackAppToken,
    mode: slackMode,
    scopes: botScopes,
    events: botEvents,
    bot: { name: 'Outlay', description: 'Drop a receipt here; the rest takes care of itself.' },
    people: people.map(({ name, email, title }) => ({ name, email, title })),
    pageUrl: `http://localhost:${port}/sandbox`,
    commands: slashCommands,
    homeTab: true,
    shortcuts: messageShortcuts.map((shortcut) => ({ type: 'message', ...shortcut })),
    ...(posts ? { defaultPerson: posts.email } : {}),
    ...intakeOf(people, posts, intakePort),
  })
}

/** The sandbox ends by itself when nobody has needed it for a while; we still do. Returns how to stop saying so. */
export function keepAlive(sandbox: SandboxProcess): () => void {
  const timer = setInterval(() => {
    sandbox.ping().catch((error: unknown) => logger.warn({ error }, 'the sandbox does not answer'))
  }, 60_000)
  return () => clearInterval(timer)
}

type Everybody = Awaited<ReturnType<typeof everybody>>

/** Where the mailbox page delivers what people write, and the addresses it offers. */
function intakeOf(people: Everybody, posts: Everybody[number] | undefined, port: number | null) {
  const addresses = [...new Set(people.map(({ intake }) => intake))].filter((address) => address !== null)
  const address = posts?.intake ?? addresses[0]
  return { addresses, ...(port && address ? { intake: { host: '127.0.0.1', port, address } } : {}) }
}
