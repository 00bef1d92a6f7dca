import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import type { Role } from './people.entity.ts'
import { requireActor } from './people.ts'

export interface Colleague {
  id: string
  name: string
  email: string
}

/**
 * The other active people of the company whose name or address contains `words`; everybody for no words. By name, at most
 * `limit`, so that a menu of them is the same for ten people as for ten thousand.
 */
export async function findColleagues(tx: Tx, words: string, limit: number): Promise<Colleague[]> {
  const like = `%${words.trim().replace(/[\\%_]/g, '\\$&')}%`
  return tx.em.execute<Colleague[]>(
    `select id, name, email from person
     where company_id = ? and active and id is distinct from ? and (name ilike ? or email ilike ?)
     order by name, id limit ?`,
    [tx.companyId, tx.actor.personId, like, like, limit],
  )
}

export interface FoundPerson extends Colleague {
  active: boolean
  roles: Role[]
}

/** The same among everybody of the company, the actor and those who left included: for admins. Whoever is active first. */
export async function findPeople(
  tx: Tx,
  words: string,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<FoundPerson[]> {
  const like = `%${words.trim().replace(/[\\%_]/g, '\\$&')}%`
  return tx.em.execute<FoundPerson[]>(
    `select id, name, email, active, to_jsonb(roles) as roles from person
     where company_id = ? and (name ilike ? or email ilike ?)
     order by active desc, name, id limit ? offset ?`,
    [tx.companyId, like, like, limit, offset],
  )
}

/** How many people the company has, and how many of them are active. */
export async function countPeople(tx: Tx): Promise<{ active: number; all: number }> {
  const [row] = await tx.em.execute<{ active: string; all: string }[]>(
    'select count(*) filter (where active) as active, count(*) as all from person where company_id = ?',
    [tx.companyId],
  )
  return { active: Number(row?.active ?? 0), all: Number(row?.all ?? 0) }
}

/**
 * Whom the actor means by what they typed: an address, a name, both as a list offers them, or a part of a name that only
 * one colleague has. Oneself is found by the whole of it: why that does not do is said by the rule for it.
 * @throws userError `delegate_missing`, `delegate_unknown`, `delegate_ambiguous`
 */
export async function findDelegate(tx: Tx, typed: string): Promise<Colleague> {
  const field = 'delegate'
  const words = typed.trim().toLowerCase()
  const address = /<([^<>]+)>$/.exec(words)?.[1]?.trim() ?? words
  if (words === '') throw userError('delegate_missing', 'Please say who decides for you.', { field })
  const others = await findColleagues(tx, address, mostOfOneName)
  const people = [...others, await requireActor(tx)]
  const matches = [
    people.filter(({ email }) => email === address),
    people.filter(({ name }) => name.toLowerCase() === words),
    others.filter(({ name }) => isPartOf(words, name.toLowerCase())),
  ]
  const [found, ...further] = matches.find(({ length }) => length > 0) ?? []
  if (!found) {
    const message = `No colleague is called “${typed.trim().slice(0, 60)}”. Please choose somebody from the list, or type their e-mail address.`
    throw userError('delegate_unknown', message, { field })
  }
  if (further.length > 0) {
    const message = 'There are several people of that name. Please type the e-mail address.'
    throw userError('delegate_ambiguous', message, { field })
  }
  return found
}

/** More share a few letters than anybody means. */
const mostOfOneName = 1000

const isPartOf = (words: string, name: string) => name.startsWith(words) || name.split(/\s+/).includes(words)
