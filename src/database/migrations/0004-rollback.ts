import { Migration } from '@mikro-orm/migrations'

/**
 * A decision can be taken back: its approval stays as `undone` beside the fresh one that stands for it. An expense that
 * is approved again gets a statement of its own; the one before is cancelled by another document.
 */
export class Rollback extends Migration {
  override up(): void {
    this.addSql(`select set_config('outlay.all_companies', 'on', true)`)
    for (const sql of [companies, approvals, documents]) this.addSql(sql)
    this.addSql(`select set_config('outlay.all_companies', '', true)`)
  }
}

/** How long a decision can be taken back; 0: never. */
const companies = `
alter table company add column rollback_hours int not null default 24 check (rollback_hours >= 0);`

const approvals = `
alter table approval drop constraint approval_status_check;
alter table approval add constraint approval_status_check check (status in
  ('waiting', 'asked', 'approved', 'rejected', 'sent_back', 'not_needed', 'moved', 'undone'));
alter table approval add column undone_status text, add column undone_at timestamptz, add column undone_by uuid,
  add column undone_channel text, add column undone_comment text,
  add foreign key (company_id, undone_by) references person (company_id, id) deferrable initially deferred,
  add check ((status = 'undone') = (undone_at is not null and undone_by is not null and undone_status is not null));
drop index approval_once;
create unique index approval_once on approval (step_id, approver_id) where status not in ('moved', 'undone');`

/** What each document says is kept beside it: so far an expense could not change any more once it had one. */
const documents = `
alter table expense add column round int not null default 0;
update expense set round = 1 where status in ('approved', 'settled');
alter table document add column round int not null default 1, add column facts jsonb;
update document d set facts = jsonb_build_object('merchant', e.merchant_name, 'category', k.name,
    'date', e.date, 'paidBy', e.paid_by, 'amount', jsonb_build_object('minor', e.amount_minor, 'currency', e.currency),
    'companyAmount', case when e.currency <> c.currency
      then jsonb_build_object('minor', e.company_amount_minor, 'currency', c.currency) end)
  from expense e join company c on c.id = e.company_id
    join category k on k.company_id = e.company_id and k.id = e.category_id
  where e.company_id = d.company_id and e.id = d.expense_id;
alter table document alter column facts set not null, alter column round drop default,
  add constraint document_kind_check check (kind in ('expense_statement', 'cancellation')),
  drop constraint document_company_id_kind_expense_id_revision_key,
  add constraint document_once unique (company_id, kind, expense_id, revision, round);`
