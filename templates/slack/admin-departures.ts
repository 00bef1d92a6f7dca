import type { OrganisationChanged } from '../../src/features/organisation/index.ts'
import { joined, quote } from './text.ts'
import { wordsOf } from './words/index.ts'

/** Before it is saved, or afterwards. */
interface Telling {
  locale: string
  isSaved: boolean
}

/** What becomes of what people leave behind, a line each: how much waits for them, and who takes over. */
export function followLines({ departures }: OrganisationChanged, telling: Telling): string[] {
  const { confirm } = wordsOf(telling.locale).admin
  return departures.flatMap(({ name, waiting, delegations, approvals }) => {
    const own = [
      ...delegations.map(({ principal, delegate }) =>
        confirm.delegationEnds(quote(principal, 80), quote(delegate, 80)),
      ),
      ...(waiting.now + waiting.later > 0 && !telling.isSaved
        ? [confirm.waiting(waiting.now, waiting.later, quote(name, 80))]
        : []),
      ...approvals.map((moved) => movedLine(moved, telling)),
    ]
    const said = own.length > 0 ? own : [confirm.leavesNothing(quote(name, 80))]
    return said.map((line) => `• ${line}`)
  })
}

type Moved = OrganisationChanged['departures'][number]['approvals'][number]

function movedLine({ count, outcome, to }: Moved, { locale, isSaved }: Telling): string {
  const { confirm } = wordsOf(locale).admin
  const texts = isSaved ? confirm.saved : confirm
  switch (outcome) {
    case 'approved':
      return texts.approved(count)
    case 'blocked':
      return texts.blocked(count)
    case 'moved':
      return texts.moved(count, joined(mostNamed(to), 'or', locale))
  }
}

const mostNamed = (names: string[]) => names.slice(0, 10).map((name) => quote(name, 80))
