import type { HomeContent } from '../../../../templates/slack/home.ts'
import { type HomePage, linesShown } from '../../../../templates/slack/home-lines.ts'
import type { HomeAdmin, HomeFinance } from '../../../../templates/slack/home-roles.ts'
import type { Tx } from '../../../database/index.ts'
import {
  countOwnExpenses,
  type ExpenseStatus,
  listHeldRequests,
  listOwnExpenses,
  listRates,
  listStuckExpenses,
  listWaitingExpenses,
  summarizeWaiting,
} from '../../../features/expenses/index.ts'
import { listMonths, summarizeUnpaid } from '../../../features/invoices/index.ts'
import { type HomeList, keepPages, type ShownHome } from '../../../features/notifications/index.ts'
import { summarizeOrganisation } from '../../../features/organisation/index.ts'
import {
  getCompany,
  listDelegations,
  listStrangers,
  type Person,
  type Reader,
  requireActor,
} from '../../../features/people/index.ts'
import { dateIn } from '../../../kernel/calendar-date.ts'
import { linesFor, waitingFor } from '../people/in-their-language.ts'

const sentBack: readonly ExpenseStatus[] = ['sent_back', 'blocked']
const recent: readonly ExpenseStatus[] = ['submitted', 'awaiting_approval', 'approved', 'rejected', 'settled']

/**
 * Everything that the actor's App Home shows now. Pages that have become empty, because what stood there was decided,
 * give way to those before them.
 */
export async function homeContent(tx: Tx, reader: Reader, shown: ShownHome): Promise<HomeContent> {
  const person = await requireActor(tx)
  const pages = new Pages(shown.pages)
  const counts = await countOwnExpenses(tx)
  const countOf = (statuses: readonly ExpenseStatus[]) =>
    statuses.reduce((sum, status) => sum + (counts.get(status) ?? 0), 0)
  const own = (list: HomeList, status: readonly ExpenseStatus[]) =>
    pages.read(list, {
      get: async (page) => linesFor(await listOwnExpenses(tx, { ...page, status }), reader),
      keyOf: ({ id }) => id,
    })
  const rates = await listRates(tx)
  const content: HomeContent = {
    person: { id: person.id, name: person.name },
    reader,
    now: tx.now,
    note: shown.note,
    waiting: {
      ...(await pages.read('waiting', {
        get: async (page) => waitingFor(await listWaitingExpenses(tx, page), reader),
        keyOf: ({ approvalId }) => approvalId,
      })),
      summary: await summarizeWaiting(tx),
    },
    sentBack: { ...(await own('sentBack', sentBack)), count: countOf(sentBack) },
    drafts: { ...(await own('drafts', ['draft'])), count: countOf(['draft']) },
    recent: await own('recent', recent),
    requests: await pages.read('requests', among(await listHeldRequests(tx, person.id))),
    delegations: await pages.read('delegations', among(await listDelegations(tx, { personId: person.id }))),
    finance: await financeOf(tx, person),
    admin: await adminOf(tx, person, pages),
    has: { mileage: rates.mileage.length > 0, perDiem: rates.perDiem.length > 0 },
  }
  if (pages.changed) await keepPages(tx, person.id, pages.kept)
  return content
}

/** This month and those before it, as many as are worth a look in passing. */
const monthsShown = 3

async function financeOf(tx: Tx, { roles }: Person): Promise<HomeFinance | null> {
  if (!roles.includes('finance')) return null
  const present = dateIn(tx.now, (await getCompany(tx)).timeZone).slice(0, 7)
  const months = await listMonths(tx, { limit: monthsShown })
  return {
    months: months.map((line) => ({ ...line, isOver: line.month < present })),
    unpaid: await summarizeUnpaid(tx),
  }
}

async function adminOf(tx: Tx, { roles }: Person, pages: Pages): Promise<HomeAdmin | null> {
  if (!roles.includes('admin')) return null
  const keyOf = ({ id }: { id: string }) => id
  return {
    strangers: await pages.read('strangers', { get: (page) => listStrangers(tx, page), keyOf }),
    stuck: await pages.read('stuck', { get: (page) => listStuckExpenses(tx, page), keyOf }),
    organisation: await summarizeOrganisation(tx),
  }
}

interface Source<Line> {
  /** At most `limit` lines, after the one with the key `after`. */
  get: (page: { limit: number; after?: string }) => Promise<Line[]>
  keyOf: (line: Line) => string
}

/** A list that is short enough to be read as a whole. */
function among<Line extends { id: string }>(lines: Line[]): Source<Line> {
  return {
    get: async ({ limit, after }) => {
      const start = after === undefined ? 0 : lines.findIndex(({ id }) => id === after) + 1
      return lines.slice(start, start + limit)
    },
    keyOf: ({ id }) => id,
  }
}

/** Which page of each list is shown. */
class Pages {
  kept: ShownHome['pages']
  changed = false

  constructor(pages: ShownHome['pages']) {
    this.kept = { ...pages }
  }

  async read<Line>(list: HomeList, source: Source<Line>): Promise<HomePage<Line>> {
    const before = this.kept[list] ?? []
    const after = before.at(-1)
    const limit = linesShown[list]
    // One more than is shown: that there is another page.
    const lines = await source.get({ limit: limit + 1, ...(after === undefined ? {} : { after }) })
    if (lines.length > 0 || before.length === 0) {
      return { lines: lines.slice(0, limit), hasMore: lines.length > limit, hasBefore: before.length > 0 }
    }
    this.kept[list] = before.slice(0, -1)
    this.changed = true
    return this.read(list, source)
  }
}
