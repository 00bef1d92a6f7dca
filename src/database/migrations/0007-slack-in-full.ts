import { Migration } from '@mikro-orm/migrations'
import { isolate } from './isolation.ts'

/**
 * Slack as the place where people live: how each wants to hear of things, many workspaces, questions about what was
 * posted, a Home that shows how things are, and the months that finance closes from it.
 */
export class SlackInFull extends Migration {
  override up(): void {
    this.addSql(`select set_config('outlay.all_companies', 'on', true)`)
    for (const sql of [preferences, workspaces, homes, questions, digests, months]) this.addSql(sql)
    const tables = ['preference', 'slack_installation', 'slack_home', 'slack_question', 'month_close']
    for (const table of [...tables, 'month_entry']) this.addSql(isolate(table))
    this.addSql(`select set_config('outlay.all_companies', '', true)`)
  }
}

const reference = (column: string, table: string) =>
  `foreign key (company_id, ${column}) references ${table} (company_id, id) deferrable initially deferred`
const company = 'company_id uuid not null references company (id) deferrable initially deferred'
const owned = `id uuid primary key, ${company}, unique (company_id, id)`

const preferences = `
alter table person add column slack_locale text;
alter table company add column digest_over int not null default 10 check (digest_over >= 0);
create table preference (
  person_id uuid primary key,
  ${company},
  locale text,
  notify_by text not null check (notify_by in ('slack', 'mail', 'both')),
  quiet_from text,
  quiet_to text,
  digest_over int check (digest_over >= 0),
  updated_at timestamptz not null,
  check ((quiet_from is null) = (quiet_to is null)),
  ${reference('person_id', 'person')}
);`

/** Where the app was installed by OAuth. The workspace of SLACK_BOT_TOKEN has no row. */
const workspaces = `
create table slack_installation (
  ${owned},
  team_id text not null unique,
  team_name text not null,
  bot_user_id text not null,
  bot_token_sealed text not null,
  scopes text[] not null,
  /** The admin of the company who installed it. */
  installed_by uuid not null,
  installed_at timestamptz not null,
  /** Set when Slack says that the token counts no more. */
  revoked_at timestamptz,
  ${reference('installed_by', 'person')}
);
alter table outgoing_mail add column slack_team_id text;`

/** Who opened their App Home, when last, and which pages of its lists they look at. */
const homes = `
create table slack_home (
  person_id uuid primary key,
  ${company},
  opened_at timestamptz not null,
  shown jsonb not null,
  ${reference('person_id', 'person')}
);`

/** What we asked about a message before anything was made of it: several files, or a file below an expense. */
const questions = `
create table slack_question (
  ${owned},
  person_id uuid not null,
  kind text not null check (kind in ('several_files', 'file_in_thread')),
  /** The message that it is about. */
  delivery_id uuid not null unique references inbound_delivery (id),
  /** The expense in whose thread a file was posted. */
  expense_id uuid,
  channel text not null,
  message_ts text,
  answer text,
  answered_at timestamptz,
  created_at timestamptz not null,
  ${reference('person_id', 'person')},
  ${reference('expense_id', 'expense')}
);`

/** A digest is about no single expense. */
const digests = `
alter table surface alter column expense_id drop not null;`

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
/** An expense enters a month when it closes; one that was undone since leaves by a negative entry in a later one. */
create table month_entry (
  ${owned},
  month text not null,
  expense_id uuid not null,
  amount_minor bigint not null check (amount_minor <> 0),
  foreign key (company_id, month) references month_close (company_id, month) deferrable initially deferred,
  ${reference('expense_id', 'expense')}
);
create index on month_entry (company_id, expense_id);
create index on month_entry (company_id, month);`
