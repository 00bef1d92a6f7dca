import type { Tx } from '../../../database/index.ts'
import { draftExpense, startTypedExpense } from '../../../features/expenses/index.ts'
import { showSurface } from '../../../features/notifications/index.ts'
import type { SentFile } from './fetch-files.ts'

/** A message from which somebody makes expenses of theirs. */
export interface Source {
  /** Names the message, and whoever made it theirs where that is not its writer. */
  key: string
  personId: string
  /** Where the drafts are shown; null: in the conversation with the person. */
  address: { teamId: string; channel: string; threadTs: string } | null
  note: string
}

/** An expense that was made, as people are told of it. */
export interface MadeExpense {
  id: string
  number: string
}

/** Names a message for its writer (`by` null), or for somebody who made it theirs. */
export function messageKey(
  { teamId, channel, ts }: { teamId: string; channel: string; ts: string },
  by: string | null = null,
): string {
  return `slack:${teamId}:${channel}:${ts}${by === null ? '' : `:by:${by}`}`
}

/** Every delivery under which a message may have become expenses. */
export function deliveryKeys(key: string, files: { id: string }[]): string[] {
  return [`${key}:text`, `${key}:all`, ...files.map(({ id }) => `${key}:${id}`)]
}

/** Makes an expense of each file, or one of all of them. Made already, they are the same again. */
export async function draftFromFiles(
  tx: Tx,
  source: Source,
  { files, together }: { files: SentFile[]; together: boolean },
): Promise<MadeExpense[]> {
  const made: MadeExpense[] = []
  for (const group of together ? [files] : files.map((file) => [file])) {
    const { id, number } = await draftExpense(tx, {
      submitterId: source.personId,
      source: 'slack',
      deliveryKey: `${source.key}:${together ? 'all' : group[0]?.id}`,
      files: group,
      note: source.note,
    })
    await showDraft(tx, source, id)
    made.push({ id, number })
  }
  return made
}

/** Makes an expense of what was written. Returns what the text says where that is no single expense. */
export async function draftFromText(tx: Tx, source: Source, text: string) {
  const typed = await startTypedExpense(tx, { text, source: 'slack', deliveryKey: `${source.key}:text` })
  if ('expense' in typed) await showDraft(tx, source, typed.expense.id)
  return typed
}

async function showDraft(tx: Tx, { personId, address }: Source, expenseId: string): Promise<void> {
  const where = address ? { address } : {}
  await showSurface(tx, { kind: 'slack.expense', expenseId, personId, ...where })
}
