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
 * last, else the one whose keywords stand on the receipt. null when nothing speaks for one of them: then a person
 * chooses. A single word on the receipt is a guess that the person is asked to look at.
 */
export async function suggestCategory(
  tx: Tx,
  about: { merchantName: string | null; submitterId: string; text: string },
): Promise<{ category: Category; sure: boolean } | null> {
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
    if (last) return { category: last, sure: true }
  }
  return byKeywords(categories, about)
}

/** The one category that most keywords speak for, as whole words; in the merchant's name they count double. */
export function byKeywords<C extends { keywords: string[] }>(
  categories: C[],
  about: { merchantName: string | null; text: string },
): { category: C; sure: boolean } | null {
  const name = asWords(about.merchantName ?? '')
  const text = asWords(about.text)
  const points = (keyword: string) =>
    (name.includes(asWords(keyword)) ? 2 : 0) + (text.includes(asWords(keyword)) ? 1 : 0)
  const scores = categories
    .map((category) => ({
      category,
      score: category.keywords.reduce((sum, keyword) => sum + points(keyword), 0),
    }))
    .sort((a, b) => b.score - a.score)
  const [first, second] = scores
  if (!first || first.score === 0 || first.score === second?.score) return null
  return { category: first.category, sure: first.score >= 2 }
}

const asWords = (text: string) =>
  ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}&]+/gu, ' ')
    .trim()} `
