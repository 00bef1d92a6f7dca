import { randomUUID } from 'node:crypto'
import type { TestDatabase } from './test-database.ts'

/** Puts at least one row of the company into every table, by the tables' own columns. Foreign keys are not looked at. */
export async function everyRow(database: TestDatabase, companyId: string): Promise<void> {
  const columns = await database.asSuperuser<{
    table: string
    column: string
    type: string
    identity: string
  }>(
    `select c.table_name as table, c.column_name as column, c.udt_name as type, c.is_identity as identity
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and t.table_name <> 'migration'
       and (c.is_nullable = 'NO' or c.column_name = 'company_id') and c.column_default is null and c.table_name <> 'company'`,
  )
  const tables = Map.groupBy(columns, ({ table }) => table)
  const allowed: Record<string, string | number> = {
    'level.rank': 99,
    'expense.status': 'draft',
    'expense.kind': 'receipt',
    'expense.paid_by': 'person',
    'expense.source': 'slack',
    'finding.severity': 'info',
    'receipt.status': 'waiting',
    'approval_request.status': 'open',
    'approval_step.status': 'open',
    'approval.status': 'asked',
    'approval_ask.role': 'approver',
    'step_up.via': 'email',
    'document.kind': 'expense_statement',
    'comment.kind': 'comment',
    'outgoing_mail.status': 'queued',
    'outgoing_mail.kind': 'answer',
    'inbound_mail.via': 'smtp',
    'inbound_mail.outcome': 'open',
    'preference.notify_by': 'both',
    'month_close.month': '2026-01',
    'slack_export.month': '2026-01',
    'month_entry.kind': 'approved',
    'month_waiting.kind': 'approved',
  }
  const sample = (type: string): unknown =>
    ({
      uuid: randomUUID(),
      text: randomUUID(),
      int4: 99,
      int8: 1,
      numeric: '1',
      float4: 1,
      bool: true,
      date: '2026-01-01',
      timestamptz: new Date(),
      jsonb: '{}',
      _text: [],
      bytea: Buffer.from('x'),
    })[type]
  // One connection of its own: replica mode leaves foreign keys out.
  const statements = [...tables].map(([table, list]) => {
    const given = list.filter(({ identity }) => identity !== 'YES')
    const values = given.map(({ column, type }) =>
      column === 'company_id'
        ? companyId
        : (allowed[`${table}.${column}`] ?? (column === 'email' ? 'x@y.example' : sample(type))),
    )
    return {
      sql: `insert into ${table} (${given.map(({ column }) => `"${column}"`).join()}) values (${given.map((_, i) => `$${i + 1}`).join()})`,
      values,
    }
  })
  for (const { sql, values } of statements) await database.withoutForeignKeys(sql, values)
}
