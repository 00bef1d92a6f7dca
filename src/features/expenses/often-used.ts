import type { Tx } from '../../database/index.ts'
import { findMerchant } from './merchants.ts'

const most = 5

/** The categories that were used for a merchant, by id: first those of the actor, then those of others. */
export async function categoriesUsedFor(tx: Tx, merchantName: string): Promise<string[]> {
  const merchant = await findMerchant(tx, merchantName)
  if (!merchant) return []
  const rows = await tx.em.execute<{ category_id: string }[]>(
    `select category_id from expense
     where company_id = ? and merchant_id = ? and category_id is not null
     group by category_id order by bool_or(submitter_id = ?) desc, count(*) desc, category_id limit ?`,
    [tx.companyId, merchant.id, tx.actor.personId, most],
  )
  return rows.map(({ category_id }) => category_id)
}

/** The currencies of the actor's newest expenses, the newest first. */
export async function recentCurrencies(tx: Tx): Promise<string[]> {
  const rows = await tx.em.execute<{ currency: string }[]>(
    `select currency from
       (select currency, row_number() over (order by id desc) as place from expense
        where company_id = ? and submitter_id = ? and currency is not null order by id desc limit 50) newest
     group by currency order by min(place) limit ?`,
    [tx.companyId, tx.actor.personId, most],
  )
  return rows.map(({ currency }) => currency)
}
