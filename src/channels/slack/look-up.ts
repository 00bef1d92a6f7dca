import { type Choice, none, option } from '../../../templates/slack/form-inputs.ts'
import { costCentreChoice } from '../../../templates/slack/kind-fields.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { findColleagues, listCategories, listCostCentres } from '../../features/people/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { identify } from './identify.ts'
import { suggestionSchema, teamOf } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'

/** A menu of Slack holds a hundred, “None” included. */
const mostOffered = 99

type Option = ReturnType<typeof option>

/** The people whom somebody may mean by what they type. */
export function lookUpColleagues(slack: SlackChannel, body: unknown): Promise<Option[]> {
  return lookUp(slack, body, async (tx, words) =>
    (await findColleagues(tx, words, mostOffered)).map(({ id, name, email }) =>
      option({ id, name, description: email }),
    ),
  )
}

/** The cost centres whose code or name contains what is typed. */
export function lookUpCostCentres(slack: SlackChannel, body: unknown): Promise<Option[]> {
  return lookUp(slack, body, async (tx, words) => {
    return [none, ...matching((await listCostCentres(tx)).map(costCentreChoice), words)].map(option)
  })
}

/** The categories whose name contains what is typed. */
export function lookUpCategories(slack: SlackChannel, body: unknown): Promise<Option[]> {
  return lookUp(slack, body, async (tx, words) => matching(await listCategories(tx), words).map(option))
}

function matching(choices: Choice[], words: string): Choice[] {
  const wanted = words.trim().toLowerCase()
  return choices.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, mostOffered)
}

/** Nothing is offered to somebody whom we do not know. */
async function lookUp(
  slack: SlackChannel,
  body: unknown,
  find: (tx: Tx, words: string) => Promise<Option[]>,
): Promise<Option[]> {
  const asked = suggestionSchema.parse(body)
  try {
    const { id, companyId } = await identify(slack, teamOf(asked), asked.user.id)
    const actor = { personId: id, channel: 'slack' } as const
    return await inCompany(slack.database, { companyId, actor }, (tx) => find(tx, asked.value ?? ''))
  } catch (error) {
    if (error instanceof AppError && error.kind === 'user') return []
    throw error
  }
}
