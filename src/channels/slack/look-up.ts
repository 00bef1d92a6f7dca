import { none, option } from '../../../templates/slack/form-inputs.ts'
import { costCentreChoice } from '../../../templates/slack/kind-fields.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { findColleagues, listCostCentres } from '../../features/people/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { identify } from './identify.ts'
import { suggestionSchema, teamOf } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'

/** A menu of Slack holds a hundred; nobody reads so many. */
const mostOffered = 50

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
    const centres = (await listCostCentres(tx)).map(costCentreChoice)
    const found = centres.filter(({ name }) => name.toLowerCase().includes(words.trim().toLowerCase()))
    return [none, ...found.slice(0, mostOffered)].map(option)
  })
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
    return await inCompany(slack.database, { companyId, actor }, (tx) => find(tx, asked.value))
  } catch (error) {
    if (error instanceof AppError && error.kind === 'user') return []
    throw error
  }
}
