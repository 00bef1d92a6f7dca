import type { Tx } from '../../database/index.ts'
import { type Category, listCategories } from '../people/index.ts'
import { Expense, Merchant } from './expenses.entity.ts'

/** Two spellings are the same merchant when only case, accents, spaces or punctuation differ. */
export function spellingOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase()
    .slice(0, 200)
}

/** The company's merchant of this spelling, if it has met it before. */
export async function findMerchant(tx: Tx, name: string): Promise<Merchant | null> {
  const [row] = await tx.em.execute<{ merchant_id: string }[]>(
    'select merchant_id from merchant_spelling where company_id = ? and spelling = ?',
    [tx.companyId, spellingOf(name)],
  )
  return row ? tx.em.findOneOrFail(Merchant, { id: row.merchant_id }) : null
}

/** The company's merchant of this spelling, made when it is new. Two people meeting it at once make one. */
export async function recordMerchant(tx: Tx, name: string): Promise<Merchant> {
  const id = tx.newId()
  const won = await tx.em.execute<unknown[]>(
    `insert into merchant_spelling (company_id, spelling, merchant_id) values (?, ?, ?)
     on conflict do nothing returning merchant_id`,
    [tx.companyId, spellingOf(name), id],
  )
  if (won.length === 1) {
    return tx.em.create(Merchant, {
      id,
      companyId: tx.companyId,
      name,
      lastCategoryId: null,
      createdAt: tx.now,
    })
  }
  const known = await findMerchant(tx, name)
  if (!known) throw new Error('a merchant spelling without its merchant')
  return known
}

/**
 * The category an expense most likely has: what this person used for the merchant last, else what the company used
 * last, else the one whose keywords stand on the receipt. null when in doubt: then a person chooses.
 */
export async function suggestCategory(
  tx: Tx,
  about: { merchantName: string | null; submitterId: string; text: string },
): Promise<Category | null> {
  const categories = await listCategories(tx)
  const merchant = about.merchantName ? await findMerchant(tx, about.merchantName) : null
  if (merchant) {
    const own = await tx.em.findOne(
      Expense,
      {
        companyId: tx.companyId,
        submitterId: about.submitterId,
        merchantId: merchant.id,
        categoryId: { $ne: null },
      },
      { orderBy: { id: 'desc' } },
    )
    const lastId = own?.categoryId ?? merchant.lastCategoryId
    const last = categories.find(({ id }) => id === lastId)
    if (last) return last
  }
  return byKeywords(categories, `${about.merchantName ?? ''}\n${about.merchantName ?? ''}\n${about.text}`)
}

/** The one category with most keywords in `text`, as whole words; null when none or several lead. */
export function byKeywords<C extends { keywords: string[] }>(categories: C[], text: string): C | null {
  const words = ` ${text.toLowerCase().replace(/[^\p{L}\p{N}&]+/gu, ' ')} `
  const scores = categories
    .map((category) => ({
      category,
      hits: category.keywords.filter((keyword) =>
        words.includes(` ${keyword.toLowerCase().replace(/[^\p{L}\p{N}&]+/gu, ' ')} `),
      ).length,
    }))
    .sort((a, b) => b.hits - a.hits)
  const [first, second] = scores
  if (!first || first.hits === 0 || first.hits === second?.hits) return null
  return first.category
}
