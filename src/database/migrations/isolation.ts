/**
 * The wall between companies for one table: PostgreSQL itself shows a transaction only the rows of the company that
 * `inCompany` set, and none when it set nothing. The sub-selects are evaluated once a query, not once a row.
 */
export function isolate(table: string, column = 'company_id'): string {
  return wall(
    table,
    `${column} = (select nullif(current_setting('outlay.company_id', true), '')::uuid) or ${throughTheDoor}`,
  )
}

/**
 * The outbox's wall. Work that belongs to no company yet (a delivery whose sender is not known) holds nothing but the
 * id of that delivery; the company that turns out to be meant confirms it in its own transaction.
 */
export function isolateWork(table: string): string {
  const inside = `nullif(current_setting('outlay.company_id', true), '')::uuid`
  return wall(
    table,
    `company_id = (select ${inside}) or (company_id is null and (select ${inside}) is not null) or ${throughTheDoor}`,
  )
}

const throughTheDoor = `(select current_setting('outlay.all_companies', true)) = 'on'`

function wall(table: string, rule: string): string {
  return (
    `alter table ${table} enable row level security; alter table ${table} force row level security; ` +
    `create policy company on ${table} using (${rule}) with check (${rule});`
  )
}
