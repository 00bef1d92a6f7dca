import type { Tx } from '../../database/index.ts'

const batch = 1000

/** Reads rows by a cursor, so that memory does not grow with the log. Between two rows other statements may run. */
export async function* streamRows<Row>(
  tx: Tx,
  sql: string,
  parameters: unknown[],
): AsyncGenerator<Row, void, undefined> {
  const cursor = `"rows ${tx.newId()}"`
  await tx.em.execute(`declare ${cursor} no scroll cursor for ${sql}`, parameters)
  for (;;) {
    const rows = await tx.em.execute<Row[]>(`fetch ${batch} from ${cursor}`)
    yield* rows
    if (rows.length < batch) break
  }
  await tx.em.execute(`close ${cursor}`)
}
