import { Migration } from '@mikro-orm/migrations'
import { isolate } from './isolation.ts'

/**
 * Slack as the place where people live: how each wants to hear of things, many workspaces, questions about what was
 * posted, a Home that shows how things are, and the months that finance closes from it.
 */
export class SlackInFull extends Migration {
  override up(): void {
    this.addSql(`select set_config('outlay.all_companies', 'on', true)`)
    for (const sql of [preferences, workspaces, homes, questions, digests, months, changes]) this.addSql(sql)
    const tables = [
      'preference',
      'slack_installation',
      'slack_home',
      'slack_export',
      'slack_question',
      'month_close',
    ]
    for (const table of [...tables, 'month_entry', 'month_waiting', 'organisation_change'])
      this.addSql(isolate(table))
    this.addSql(`select set_config('outlay.all_companies', '', true)`)
  }
}

const reference = (column: string, table: string) =>
  `foreign key (company_id, ${column}) references ${table} (company_id, id) deferrable initially deferred`
const company = 'company_id uuid not null references company (id) deferrable initially deferred'
const owned = `id uuid primary key, ${company}, unique (company_id, id)`

const preferences = `
alter table person add column slack_locale text, add column slack_locale_at timestamptz;
alter table company add column digest_over int not null default 10 check (digest_over >= 0);
create table preference (
  person_id uuid primary key,
  ${company},
  locale text,
  notify_by text not null check (notify_by in ('slack', 'mail', 'both')),
  quiet_from text check (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  quiet_to text check (quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  digest_over int check (digest_over >= 0),
  updated_at timestamptz not null,
  check ((quiet_from is null) = (quiet_to is null)),
  ${reference('person_id', 'person')}
);`

/** Where the app was installed by OAuth, and the only company that it works for there. The workspace of SLACK_BOT_TOKEN has no row. */
const workspaces = `
create table slack_installation (
  ${owned},
  team_id text not null unique,
  team_name text not null,
  bot_token_sealed text not null,
  installed_at timestamptz not null,
  /** Set when Slack says that the token counts no more. */
  revoked_at timestamptz
);`

/** Who opened their App Home, when last, and which pages of its lists they look at. */
const homes = `
create table slack_home (
  person_id uuid primary key,
  ${company},
  opened_at timestamptz not null,
  /** When we last began to show it, and Slack's name for what it shows since. */
  published_at timestamptz,
  view_hash text,
  shown jsonb not null,
  ${reference('person_id', 'person')}
);
/** Months that finance asked for as a file in Slack. */
create table slack_export (
  ${owned},
  person_id uuid not null,
  month text not null check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  /** Names the form that was sent: sent again, it is the same file. */
  key text not null,
  /** Set before the file is shown: whoever tries again looks for it first. */
  slack_file_id text,
  created_at timestamptz not null,
  unique (company_id, key),
  ${reference('person_id', 'person')}
);
/** The lists of somebody's own expenses: drafts, what was sent back, what was submitted. */
create index expense_own_by_status on expense (company_id, submitter_id, status, id);`

/**
 * What we asked about a message before anything was made of it: several files, or files below an expense. The files are
 * kept here meanwhile, so that nothing is lost however late it is answered.
 */
const questions = `
create table slack_question (
  ${owned},
  person_id uuid not null,
  /** Names the message, and whoever made it theirs: asked once. */
  message_key text not null,
  team_id text not null,
  /** Where the files were posted, and we ask; null: in the conversation with the person. */
  channel text,
  thread_ts text,
  note text not null,
  /** [{ id, name, sha256 }], of blobs. */
  files jsonb not null,
  /** The files were posted in a thread, where they may belong to an expense. */
  in_thread boolean not null,
  answer text check (answer in ('one_each', 'together', 'added', 'deleted', 'expired')),
  /** The expense that they were added to. */
  expense_id uuid,
  answered_at timestamptz,
  created_at timestamptz not null,
  unique (company_id, message_key),
  check ((answer is null) = (answered_at is null)),
  ${reference('person_id', 'person')},
  ${reference('expense_id', 'expense')}
);
/** Questions and month files that are done with, or too old. */
create index on slack_question (company_id, coalesce(answered_at, created_at));
create index on slack_export (company_id, created_at);
alter table surface
  add column question_id uuid, add ${reference('question_id', 'slack_question')},
  drop constraint surface_once, add constraint surface_once unique nulls not distinct
    (company_id, kind, expense_id, approval_id, comment_id, step_up_id, question_id, person_id, round),
  /** Columns of their own: behind the company wall no index is used through ->>, which is not leakproof. */
  add column channel text generated always as (address ->> 'channel') stored,
  add column thread_ts text generated always as (address ->> 'threadTs') stored;
create index on surface (channel, thread_ts);
create index on surface (channel, message_ts);
create index on surface (question_id) where question_id is not null;`

/** A digest is about no single expense. What somebody's quiet hours hold back is not shown or sent before. */
const digests = `
alter table surface alter column expense_id drop not null, add column show_from timestamptz;
create index on surface (company_id, person_id, round) where kind = 'slack.digest';
alter table outgoing_mail add column send_from timestamptz;
create index on outgoing_mail (company_id, to_person_id, created_at) where kind = 'digest';`

/** What finance closed: the amounts (minor units of the company's currency) that belong to each month. */
const months = `
create table month_close (
  ${owned},
  /** YYYY-MM, in the company's time zone. */
  month text not null check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  closed_by uuid not null,
  closed_at timestamptz not null,
  unique (company_id, month),
  ${reference('closed_by', 'person')}
);
/**
 * What was approved enters the month that closes next, part by part; what was taken back since leaves by negative amounts
 * in a later one. What stands here never changes.
 */
create table month_entry (
  ${company},
  month text not null,
  expense_id uuid not null,
  /** Which approval of the expense it is about. */
  round int not null,
  /** Which part of a split expense; of others 0. */
  position int not null,
  kind text not null check (kind in ('approved', 'undone')),
  amount_minor bigint not null,
  category text not null,
  team text,
  /** What else is told of it: as it was then. */
  facts jsonb not null,
  primary key (company_id, expense_id, round, position, kind),
  foreign key (company_id, month) references month_close (company_id, month) deferrable initially deferred,
  ${reference('expense_id', 'expense')}
);
create index on month_entry (company_id, month);
create function refuse_month_change() returns trigger language plpgsql as $body$
begin
  raise exception 'a month that is closed never changes' using errcode = 'insufficient_privilege';
end $body$;
create trigger append_only before update or delete on month_entry for each row execute function refuse_month_change();
create trigger never_truncated before truncate on month_entry for each statement execute function refuse_month_change();
/**
 * What was approved, or taken back, since months were closed: what closes next is found here, not among all expenses that
 * there ever were. A row each time, and closing removes those that it saw: nobody waits for it, and it waits for nobody.
 */
create table month_waiting (
  id bigint generated always as identity primary key,
  ${company},
  expense_id uuid not null,
  kind text not null check (kind in ('approved', 'undone')),
  /** When it was approved, also what was taken back. */
  approved_at timestamptz not null,
  ${reference('expense_id', 'expense')}
);
create index on month_waiting (company_id, kind, approved_at);
insert into month_waiting (company_id, expense_id, kind, approved_at)
  select company_id, id, 'approved', completed_at from expense
  where status in ('approved', 'settled') and kind <> 'request' and completed_at is not null;
/** What finance looks for: approved in a month, and what is to be paid. */
create index expense_approved on expense (company_id, completed_at) where status in ('approved', 'settled');
create index expense_unpaid on expense (company_id, completed_at, id)
  where status = 'approved' and kind <> 'request' and paid_by = 'person';`

/** A change of the organisation that an admin was shown the difference of, and which waits for them to save it. */
const changes = `
create table organisation_change (
  ${owned},
  person_id uuid not null,
  /** null once it is saved: what it changed is in the audit log. */
  change jsonb,
  asked_at timestamptz not null,
  saved_at timestamptz,
  /** What came of it: told again when the same change is saved again. */
  outcome jsonb,
  check ((saved_at is null) = (outcome is null)),
  ${reference('person_id', 'person')}
);
create index on organisation_change (company_id, asked_at);`
