import { Migration } from '@mikro-orm/migrations'
import { isolate } from './isolation.ts'

/**
 * Who is asked is kept beside whose approval it is: a delegate for a while, the next one up when an answer takes too
 * long. Somebody who decides much money proves first that it is them.
 */
export class TimeAndTrust extends Migration {
  override up(): void {
    this.addSql(`select set_config('outlay.all_companies', 'on', true)`)
    for (const sql of [settings, delegations, asks, followUps, proofs]) this.addSql(sql)
    // A table that still has references to check cannot be changed.
    this.addSql('set constraints all immediate')
    this.addSql('set constraints all deferred')
    for (const table of ['delegation', 'approval_ask', 'step_up']) this.addSql(isolate(table))
    this.addSql(`select set_config('outlay.all_companies', '', true)`)
  }
}

const reference = (column: string, table: string) =>
  `foreign key (company_id, ${column}) references ${table} (company_id, id) deferrable initially deferred`
const owned = `id uuid primary key, company_id uuid not null references company (id) deferrable initially deferred,
  unique (company_id, id)`

const settings = `
alter table company
  add column working_days text[] not null default '{monday,tuesday,wednesday,thursday,friday}',
  add column work_from text not null default '09:00', add column work_to text not null default '17:00',
  add column holidays text,
  add column remind_after_days double precision not null default 1 check (remind_after_days >= 0),
  add column escalate_after_days double precision not null default 3 check (escalate_after_days >= 0),
  add column step_up_over_minor bigint check (step_up_over_minor >= 0);
alter table person add column holidays text,
  add column authenticator_sealed text, add column authenticator_used_step bigint;`

/** Of one principal never two at a time: adding locks the principal's row and looks. */
const delegations = `
create table delegation (
  ${owned},
  principal_id uuid not null,
  delegate_id uuid not null check (delegate_id <> principal_id),
  from_date date not null,
  to_date date not null check (to_date >= from_date),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  up_to_minor bigint check (up_to_minor > 0),
  created_by uuid,
  created_at timestamptz not null,
  ended_by uuid,
  ended_at timestamptz,
  turn text check (turn in ('made', 'begins', 'ended', 'called_off')),
  ${reference('principal_id', 'person')},
  ${reference('delegate_id', 'person')},
  ${reference('created_by', 'person')},
  ${reference('ended_by', 'person')}
);
create index on delegation (company_id, principal_id, ends_at);
create index on delegation (company_id, delegate_id, ends_at);`

/** Everybody who was ever asked about an approval, and since when; \`ended_at\` is null for whoever is asked now. */
const asks = `
alter table approval_request add column amount_minor bigint not null default 0;
update approval_request r set amount_minor = coalesce(e.company_amount_minor, 0) from expense e
  where e.company_id = r.company_id and e.id = r.subject_id;
alter table approval_request alter column amount_minor drop default;
create table approval_ask (
  ${owned},
  approval_id uuid not null,
  person_id uuid not null,
  role text not null check (role in ('approver', 'delegate', 'escalated')),
  on_behalf_of_id uuid,
  because text not null,
  asked_at timestamptz not null,
  ended_at timestamptz,
  reminded_at timestamptz,
  check ((role = 'delegate') = (on_behalf_of_id is not null)),
  ${reference('approval_id', 'approval')},
  ${reference('person_id', 'person')},
  ${reference('on_behalf_of_id', 'person')}
);
create unique index approval_ask_waiting on approval_ask (company_id, person_id, approval_id) where ended_at is null;
create index on approval_ask (company_id, approval_id);
insert into approval_ask (id, company_id, approval_id, person_id, role, because, asked_at)
  select gen_random_uuid(), company_id, id, approver_id, 'approver', because, asked_at from approval
  where status = 'asked' and asked_at is not null;
drop index if exists approval_company_id_approver_id_id_idx;`

/**
 * What waits already is reminded of and passed up, too: not before as many days as the working days that it takes fit in
 * for certain, and then during working hours, for which the work waits by itself.
 */
const followUps = `
insert into outbox (company_id, queue, job, payload, not_before, created_at)
  select k.company_id, 'main', f.job, jsonb_build_object('askId', k.id), k.asked_at + f.wait, now()
  from approval_ask k join approval a on a.company_id = k.company_id and a.id = k.approval_id
    join approval_step s on s.company_id = a.company_id and s.id = a.step_id
    cross join (values ('approval.remind', interval '3 days'), ('approval.escalate', interval '5 days')) f (job, wait)
  where s.required;`

/** A code that was sent or is to be typed, so that somebody proves who they are. The code itself is kept nowhere. */
const proofs = `
create table step_up (
  ${owned},
  approval_id uuid not null,
  person_id uuid not null,
  /** Where the decision is made, and by what it is proven. */
  channel text not null,
  via text not null check (via in ('email', 'slack', 'app')),
  attempts int not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  proven_at timestamptz,
  ${reference('approval_id', 'approval')},
  ${reference('person_id', 'person')}
);
create index on step_up (company_id, person_id, created_at);
alter table surface add column step_up_id uuid, add ${reference('step_up_id', 'step_up')}, drop constraint surface_once,
  /** Which of several of a kind, as of reminders. */
  add column round int not null default 1;
alter table surface alter column round drop default, add constraint surface_once
  unique nulls not distinct (company_id, kind, expense_id, approval_id, comment_id, step_up_id, person_id, round);
alter table outgoing_mail add column step_up_id uuid, add column delegation_id uuid,
  add ${reference('step_up_id', 'step_up')}, add ${reference('delegation_id', 'delegation')};`
