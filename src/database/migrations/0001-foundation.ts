import { Migration } from '@mikro-orm/migrations'
import { isolate, isolateWork } from './isolation.ts'

/**
 * Conventions: every table has `company_id` and stands behind the wall of `isolate`; references carry the company with
 * them (composite foreign keys), so that even a bug cannot tie two companies together. Foreign keys are checked at
 * commit. Money is bigint minor units beside its currency, instants are timestamptz, receipt dates are date.
 */
export class Foundation extends Migration {
  override up(): void {
    for (const sql of [people, policies, receipts, expenses, approvals, outgoing, audit, work])
      this.addSql(sql)
    for (const table of tables) this.addSql(isolate(table))
    this.addSql(isolate('company', 'id'))
    this.addSql(isolateWork('outbox'))
  }
}

const tables = [
  'team',
  'level',
  'person',
  'team_member',
  'category',
  'reason',
  'policy_version',
  'exchange_rate',
  'merchant',
  'merchant_spelling',
  'blob',
  'receipt',
  'reading',
  'expense',
  'expense_status',
  'expense_delivery',
  'finding',
  'approval_request',
  'approval_step',
  'approval',
  'surface',
  'slack_upload',
  'outgoing_mail',
  'document',
  'audit_entry',
  'audit_personal',
  'inbound_delivery',
  'inbound_mail',
]

const reference = (column: string, table: string) =>
  `foreign key (company_id, ${column}) references ${table} (company_id, id) deferrable initially deferred`

const owned = `id uuid primary key, company_id uuid not null references company (id) deferrable initially deferred,
  unique (company_id, id)`

const people = `
create table company (
  id uuid primary key,
  name text not null unique,
  currency text not null,
  time_zone text not null,
  locale text not null,
  intake_address text unique,
  created_at timestamptz not null
);
create table team (${owned},
  name text not null,
  company_wide boolean not null default false,
  unique (company_id, name)
);
create table level (${owned},
  rank int not null check (rank > 0),
  name text not null,
  team_id uuid,
  unique nulls not distinct (company_id, team_id, rank),
  ${reference('team_id', 'team')}
);
create table person (${owned},
  name text not null,
  email text not null unique check (email = lower(email)),
  team_id uuid,
  level_rank int,
  manager_id uuid,
  roles text[] not null default '{}',
  slack_team_id text,
  slack_user_id text,
  time_zone text,
  active boolean not null default true,
  created_at timestamptz not null,
  unique (slack_team_id, slack_user_id),
  ${reference('team_id', 'team')},
  ${reference('manager_id', 'person')}
);
create index on person (company_id, level_rank) where active;
create table team_member (
  company_id uuid not null references company (id),
  team_id uuid not null,
  person_id uuid not null,
  primary key (team_id, person_id),
  ${reference('team_id', 'team')},
  ${reference('person_id', 'person')}
);
create table category (${owned},
  key text not null,
  name text not null,
  keywords text[] not null default '{}',
  position int not null,
  active boolean not null default true,
  unique (company_id, key)
);
create table reason (${owned},
  key text not null,
  name text not null,
  active boolean not null default true,
  unique (company_id, key)
);
create table exchange_rate (
  company_id uuid not null references company (id),
  currency text not null,
  date date not null,
  rate numeric(20, 10) not null check (rate > 0),
  primary key (company_id, currency, date)
);`

const policies = `
create table policy_version (${owned},
  number int not null,
  policies jsonb not null,
  created_at timestamptz not null,
  created_by uuid,
  unique (company_id, number),
  ${reference('created_by', 'person')}
);`

const receipts = `
create table blob (
  company_id uuid not null references company (id),
  sha256 text not null,
  media_type text not null,
  size int not null,
  content bytea not null,
  created_at timestamptz not null,
  primary key (company_id, sha256)
);
alter table blob alter column content set storage external;
create table receipt (${owned},
  expense_id uuid not null,
  file_sha256 text not null,
  rendition_sha256 text,
  rendition_width int,
  rendition_height int,
  media_type text not null,
  file_name text not null,
  position int not null,
  status text not null check (status in ('waiting', 'read', 'unreadable')),
  problem text,
  uploaded_by uuid not null,
  created_at timestamptz not null,
  foreign key (company_id, file_sha256) references blob deferrable initially deferred,
  foreign key (company_id, rendition_sha256) references blob deferrable initially deferred,
  ${reference('uploaded_by', 'person')}
);
create index on receipt (company_id, expense_id);
create index on receipt (company_id, file_sha256);
create table reading (${owned},
  receipt_id uuid not null,
  engine text not null,
  engine_version text not null,
  fields jsonb not null,
  seconds real not null,
  created_at timestamptz not null,
  ${reference('receipt_id', 'receipt')}
);
create index on reading (company_id, receipt_id);`

const expenses = `
create table merchant (${owned},
  name text not null,
  last_category_id uuid,
  created_at timestamptz not null,
  ${reference('last_category_id', 'category')}
);
create table merchant_spelling (
  company_id uuid not null references company (id),
  spelling text not null,
  merchant_id uuid not null,
  primary key (company_id, spelling),
  ${reference('merchant_id', 'merchant')}
);
create table expense (${owned},
  number text not null,
  status text not null check (status in ('draft', 'submitted', 'awaiting_approval', 'approved', 'rejected',
    'sent_back', 'blocked', 'cancelled', 'settled')),
  revision int not null,
  submitter_id uuid not null,
  merchant_id uuid,
  merchant_name text,
  category_id uuid,
  reason_id uuid,
  cost_centre text,
  paid_by text not null check (paid_by in ('person', 'company')),
  date date,
  amount_minor bigint check (amount_minor > 0),
  currency text,
  company_amount_minor bigint,
  rate numeric(20, 10),
  rate_date date,
  tax_minor bigint,
  note text,
  attendees text[] not null default '{}',
  source text not null check (source in ('slack', 'email', 'api', 'web')),
  /** Fields the person set or confirmed: a reading never changes these. */
  confirmed text[] not null default '{}',
  /** Fields that were read without certainty, while they are not confirmed. */
  uncertain text[] not null default '{}',
  policy_version_id uuid,
  policy_key text,
  /** Log lines about this expense carry it, from the first delivery to the mailed document. */
  correlation_id text not null,
  /** The mail it came with. */
  mail_id uuid,
  submitted_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (company_id, number),
  check ((amount_minor is null) or (currency is not null)),
  check (status in ('draft', 'cancelled') or (amount_minor is not null and date is not null
    and merchant_name is not null and category_id is not null)),
  ${reference('submitter_id', 'person')},
  ${reference('merchant_id', 'merchant')},
  ${reference('category_id', 'category')},
  ${reference('reason_id', 'reason')},
  ${reference('policy_version_id', 'policy_version')}
);
create index on expense (company_id, submitter_id, id);
create index on expense (company_id, merchant_id, date, amount_minor, currency);
alter table receipt add ${reference('expense_id', 'expense')};
create table expense_status (${owned},
  expense_id uuid not null,
  from_status text,
  status text not null,
  person_id uuid,
  comment text,
  channel text not null,
  at timestamptz not null,
  ${reference('expense_id', 'expense')},
  ${reference('person_id', 'person')}
);
create index on expense_status (company_id, expense_id);
create table expense_delivery (
  company_id uuid not null references company (id),
  key text not null,
  expense_id uuid not null,
  created_at timestamptz not null,
  primary key (company_id, key),
  ${reference('expense_id', 'expense')}
);
create table finding (${owned},
  expense_id uuid not null,
  code text not null,
  severity text not null check (severity in ('info', 'warning', 'blocking')),
  message text not null,
  clause text,
  related_expense_id uuid,
  position int not null,
  ${reference('expense_id', 'expense')},
  ${reference('related_expense_id', 'expense')}
);
create index on finding (company_id, expense_id);

/** Expense numbers come from a sequence for each company and year: no shared row is locked, gaps are allowed, and
    one company learns nothing of another's volume. */
create function next_expense_number(company uuid, year int) returns bigint language plpgsql as $body$
declare
  name text := 'expense_number_' || replace(company::text, '-', '') || '_' || year;
begin
  if to_regclass(name) is null then
    begin
      execute format('create sequence %I', name);
    exception when duplicate_table or unique_violation then
      null; -- another transaction made it first
    end;
  end if;
  return nextval(name::regclass);
end $body$;`

const approvals = `
create table approval_request (${owned},
  subject_kind text not null,
  subject_id uuid not null,
  submitter_id uuid not null,
  revision int not null,
  status text not null check (status in ('open', 'approved', 'rejected', 'sent_back', 'withdrawn')),
  created_at timestamptz not null,
  closed_at timestamptz,
  unique (company_id, subject_kind, subject_id, revision),
  ${reference('submitter_id', 'person')}
);
/** One open request about a subject at a time. */
create unique index approval_request_open on approval_request (company_id, subject_kind, subject_id)
  where status = 'open';
create table approval_step (${owned},
  request_id uuid not null,
  position int not null,
  description text not null,
  needed int not null check (needed > 0),
  required boolean not null,
  status text not null check (status in ('waiting', 'open', 'approved', 'rejected', 'sent_back', 'skipped')),
  unique (request_id, position),
  ${reference('request_id', 'approval_request')}
);
create table approval (${owned},
  request_id uuid not null,
  step_id uuid not null,
  approver_id uuid not null,
  because text not null,
  status text not null check (status in ('waiting', 'asked', 'approved', 'rejected', 'sent_back', 'not_needed')),
  asked_at timestamptz,
  decided_at timestamptz,
  decided_by uuid,
  channel text,
  comment text,
  unique (step_id, approver_id),
  ${reference('request_id', 'approval_request')},
  ${reference('step_id', 'approval_step')},
  ${reference('approver_id', 'person')},
  ${reference('decided_by', 'person')}
);
create index on approval (company_id, request_id);
create index on approval (company_id, approver_id, id) where status = 'asked';`

const outgoing = `
/** One message that Outlay shows somewhere: where it is, and what it shows at present. */
create table surface (${owned},
  kind text not null,
  expense_id uuid not null,
  approval_id uuid,
  person_id uuid not null,
  address jsonb not null,
  message_ts text,
  rendered_hash text,
  posting_since timestamptz,
  lease_until timestamptz,
  created_at timestamptz not null,
  unique nulls not distinct (company_id, kind, expense_id, approval_id),
  ${reference('expense_id', 'expense')},
  ${reference('approval_id', 'approval')},
  ${reference('person_id', 'person')}
);
create index on surface (company_id, expense_id);
create table slack_upload (
  company_id uuid not null references company (id),
  sha256 text not null,
  slack_team_id text not null,
  slack_file_id text not null,
  created_at timestamptz not null,
  primary key (company_id, sha256, slack_team_id)
);
create table document (${owned},
  kind text not null,
  expense_id uuid not null,
  revision int not null,
  number text not null,
  sha256 text not null,
  created_at timestamptz not null,
  unique (company_id, kind, expense_id, revision),
  foreign key (company_id, sha256) references blob deferrable initially deferred,
  ${reference('expense_id', 'expense')}
);
/** One mail to one address. What it says is written when it is sent, from the state of that moment. */
create table outgoing_mail (${owned},
  kind text not null,
  to_address text not null,
  to_person_id uuid,
  expense_id uuid,
  approval_id uuid,
  document_id uuid,
  inbound_mail_id uuid,
  status text not null check (status in ('queued', 'sent', 'failed', 'not_needed')),
  tries int not null default 0,
  problem text,
  sent_at timestamptz,
  created_at timestamptz not null,
  ${reference('to_person_id', 'person')},
  ${reference('expense_id', 'expense')},
  ${reference('approval_id', 'approval')},
  ${reference('document_id', 'document')}
);
create index on outgoing_mail (to_address, created_at);
create index on outgoing_mail (company_id, expense_id);`

const audit = `
create table audit_entry (${owned},
  at timestamptz not null,
  actor_id uuid,
  on_behalf_of_id uuid,
  channel text not null,
  action text not null,
  subject_kind text not null,
  subject_id uuid not null,
  changes jsonb not null,
  correlation_id text,
  ${reference('actor_id', 'person')},
  ${reference('on_behalf_of_id', 'person')}
);
create index on audit_entry (company_id, subject_id);
/** What the entries say about persons, apart, so that it can be erased without touching the trail. */
create table audit_personal (
  company_id uuid not null references company (id),
  entry_id uuid primary key,
  "values" jsonb not null,
  ${reference('entry_id', 'audit_entry')}
);
create function refuse_change() returns trigger language plpgsql as $body$
begin
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $body$;
create trigger append_only before update or delete on audit_entry for each row execute function refuse_change();
create trigger never_truncated before truncate on audit_entry for each statement execute function refuse_change();`

const work = `
/** What came in from outside, as it came, under the key of its delivery: stored first, then acknowledged. */
create table inbound_delivery (
  id uuid primary key,
  company_id uuid references company (id),
  source text not null,
  key text not null,
  payload jsonb not null,
  received_at timestamptz not null,
  unique (source, key)
);
/** A mail as it came, under the key of its delivery. It belongs to no company until its sender or address is known. */
create table inbound_mail (
  id uuid primary key,
  company_id uuid references company (id) deferrable initially deferred,
  person_id uuid,
  key text not null unique,
  raw bytea not null,
  via text not null check (via in ('smtp', 'imap')),
  envelope_from text,
  envelope_to text[] not null,
  peer_trusted boolean not null,
  outcome text not null check (outcome in ('open', 'reading', 'submitted', 'drafted', 'quarantined', 'unknown_sender',
    'unreadable', 'empty', 'automatic')),
  /** Why it ended so, in words for people. */
  because text,
  sender text,
  subject text,
  message_id text,
  ignored jsonb not null default '[]',
  received_at timestamptz not null,
  finished_at timestamptz,
  unique (company_id, id),
  ${reference('person_id', 'person')}
);
alter table inbound_mail alter column raw set storage external;
alter table expense add ${reference('mail_id', 'inbound_mail')};
alter table outgoing_mail add ${reference('inbound_mail_id', 'inbound_mail')};
/** pending -> enqueued -> done | dead. See src/database/outbox.ts. */
create table outbox (
  id bigint generated always as identity primary key,
  company_id uuid references company (id),
  queue text not null,
  job text not null,
  payload jsonb not null,
  status text not null default 'pending' check (status in ('pending', 'enqueued', 'done', 'dead')),
  not_before timestamptz not null,
  /** How often it was handed to the queue; part of the queue's job id. */
  attempt int not null default 0,
  /** How often a worker reported that it failed. A killed worker reports nothing, and is not the work's fault. */
  failures int not null default 0,
  leased_until timestamptz,
  merge_key text,
  correlation_id text,
  problem text,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index outbox_due on outbox (queue, not_before, id) where status = 'pending';
create index outbox_leased on outbox (queue, leased_until) where status = 'enqueued';
create index outbox_dead on outbox (id) where status = 'dead';
create index outbox_done on outbox (finished_at) where status = 'done';
create unique index outbox_merge on outbox (job, merge_key) where status = 'pending';`
