import type { Tx } from '../../database/index.ts'
import { Person, Preference } from './people.entity.ts'
import { getCompany } from './people.ts'

/** How somebody reads: dates, money and texts by `locale` (BCP 47), instants by `timeZone` (IANA). */
export interface Reader {
  locale: string
  timeZone: string
}

/** How a person reads: as they chose, else as Slack says, else as their company does. Of nobody: as the company does. */
export async function readerOf(tx: Tx, personId: string | null): Promise<Reader> {
  const company = await getCompany(tx)
  const person = personId === null ? null : await tx.em.findOne(Person, { id: personId })
  const chosen = personId === null ? null : await tx.em.findOne(Preference, { personId })
  return {
    locale: chosen?.locale ?? person?.slackLocale ?? company.locale,
    timeZone: person?.timeZone ?? company.timeZone,
  }
}
