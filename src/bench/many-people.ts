import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import type { RunningProgram } from '../demo/running-program.ts'

/** Somebody of the bench. The first of every ten approves for the other nine. */
export interface BenchPerson {
  name: string
  email: string
  isManager: boolean
}

const root = join(import.meta.dirname, '../..')
const fileSchema = z.looseObject({ people: z.array(z.unknown()) })

/** Adds so many people to the example company, by its organisation file. */
export async function addPeople(program: RunningProgram, count: number): Promise<BenchPerson[]> {
  const file = fileSchema.parse(parse(await readFile(join(root, 'config/company.example.yaml'), 'utf8')))
  const people = Array.from({ length: count }, (_, index) => ({
    name: `Person ${index + 1}`,
    email: `person.${index + 1}@techcorp.example`,
    isManager: index % 10 === 0,
  }))
  const entries = people.map(({ name, email, isManager }, index) => ({
    name,
    email,
    team: 'Technology',
    level: isManager ? 6 : 7,
    roles: isManager ? ['manager'] : ['employee'],
    manager: isManager ? 'eve.davis@techcorp.example' : people[index - (index % 10)]?.email,
  }))
  const path = join(program.home, 'bench-company.yaml')
  await writeFile(path, stringify({ ...file, people: [...file.people, ...entries] }))
  await promisify(execFile)(process.execPath, [join(root, 'src/cli.ts'), 'org', 'import', path], {
    env: { OUTLAY_HOME: program.home },
  })
  return people
}

const secretsSchema = z.object({ slackBotToken: z.string(), slackSigningSecret: z.string() })

/** Lets everybody into the sandbox's workspace, which delivers to `eventsUrl` from now on. */
export async function openWorkspace(
  program: RunningProgram,
  people: BenchPerson[],
  eventsUrl: string,
): Promise<void> {
  const kept: unknown = JSON.parse(await readFile(join(program.home, 'secrets.json'), 'utf8'))
  const { slackBotToken: botToken, slackSigningSecret: signingSecret } = secretsSchema.parse(kept)
  const known = await program.people.people()
  const all = [...known.map(({ name, email }) => ({ name, email })), ...people]
  await program.people.setWorkspace({
    team: { name: 'Outlay sandbox' },
    eventsUrl,
    botToken,
    signingSecret,
    commands: [{ command: '/expense' }],
    homeTab: true,
    people: all.map(({ name, email }) => ({ name, email })),
  })
}
