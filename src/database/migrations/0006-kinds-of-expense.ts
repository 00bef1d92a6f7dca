import { Migration } from '@mikro-orm/migrations'
import { isolate } from './isolation.ts'

/**
 * Beside what a receipt shows: mileage, per diem, and requests to spend that later expenses draw on. Any of them can be
 * split over categories and cost centres.
 */
export class KindsOfExpense extends Migration {
  override up(): void {
    this.addSql(`select set_config('outlay.all_companies', 'on', true)`)
    for (const sql of [expenses, shares]) this.addSql(sql)
    for (const table of ['cost_centre', 'expense_share']) this.addSql(isolate(table))
    this.addSql(`select set_config('outlay.all_companies', '', true)`)
  }
}

const reference = (column: string, table: string) =>
  `foreign key (company_id, ${column}) references ${table} (company_id, id) deferrable initially deferred`
const owned = `id uuid primary key, company_id uuid not null references company (id) deferrable initially deferred,
  unique (company_id, id)`

const expenses = `
alter table company add column request_tolerance_percent int not null default 10
  check (request_tolerance_percent between 0 and 100);
alter table expense
  add column kind text not null default 'receipt' check (kind in ('receipt', 'mileage', 'per_diem', 'request')),
  /** How the amount of a mileage or per diem was worked out. */
  add column calculation jsonb,
  /** The request to spend that it draws on. */
  add column request_id uuid,
  add check ((kind in ('mileage', 'per_diem')) or calculation is null),
  add check (kind <> 'request' or request_id is null),
  add ${reference('request_id', 'expense')};
alter table expense alter column kind drop default;
create index on expense (company_id, request_id) where request_id is not null;`

const shares = `
create table cost_centre (
  ${owned},
  code text not null,
  name text not null,
  active boolean not null,
  position int not null,
  unique (company_id, code)
);
/** The parts of a split expense. Their amounts add up to the expense's own. */
create table expense_share (
  ${owned},
  expense_id uuid not null,
  position int not null,
  category_id uuid not null,
  cost_centre text,
  amount_minor bigint not null check (amount_minor > 0),
  /** In the company's currency; fixed by each submission. */
  company_amount_minor bigint,
  unique (expense_id, position),
  ${reference('expense_id', 'expense')},
  ${reference('category_id', 'category')}
);`
