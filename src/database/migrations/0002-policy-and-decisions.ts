import { Migration } from '@mikro-orm/migrations'
import { isolate } from './isolation.ts'

/** Rules and limits beside the policies, comments and questions, who is assigned to a category, and whom we do not know. */
export class PolicyAndDecisions extends Migration {
  override up(): void {
    for (const sql of [policies, people, approvals, messages, spending]) this.addSql(sql)
    for (const table of ['assignment', 'comment', 'access_request']) this.addSql(isolate(table))
  }
}

const reference = (column: string, table: string) =>
  `foreign key (company_id, ${column}) references ${table} (company_id, id) deferrable initially deferred`
const owned = `id uuid primary key, company_id uuid not null references company (id) deferrable initially deferred,
  unique (company_id, id)`

/** The list of policies becomes a document; category and band of each become its condition. */
const policies = `
alter table policy_version disable row level security;
alter table policy_version rename column policies to document;
update policy_version set document = jsonb_build_object('rules', '[]'::jsonb, 'limits', '[]'::jsonb, 'tests', '[]'::jsonb,
  'policies', coalesce((
    select jsonb_agg(policy - 'categories' - 'over' - 'upTo' || jsonb_build_object('when', jsonb_strip_nulls(jsonb_build_object(
      'category', policy -> 'categories',
      'amount', nullif(jsonb_strip_nulls(jsonb_build_object('over', policy -> 'over', 'up_to', policy -> 'upTo')), '{}'::jsonb)
    ))) order by place)
    from jsonb_array_elements(document) with ordinality as listed (policy, place)), '[]'::jsonb));
alter table policy_version enable row level security;`

const people = `
alter table reason add column position int not null default 0;
/** The account that is reimbursed, encrypted; its last four characters to recognise it by. */
alter table person add column iban_sealed text, add column iban_tail text;
/** Who approves a category, where a policy's step asks for that; for one team or for all. */
create table assignment (${owned},
  category_id uuid not null,
  team_id uuid,
  person_id uuid not null,
  unique nulls not distinct (company_id, category_id, team_id, person_id),
  ${reference('category_id', 'category')},
  ${reference('team_id', 'team')},
  ${reference('person_id', 'person')}
);
/** A Slack user who wrote to us and whom nobody added: the admins are asked once. */
create table access_request (${owned},
  slack_team_id text not null,
  slack_user_id text not null,
  name text,
  email text,
  created_at timestamptz not null,
  unique (company_id, slack_team_id, slack_user_id)
);`

const approvals = `
/** What the policy asked for, so that somebody who leaves can be replaced. Empty in requests from before. */
alter table approval_step add column definition jsonb;
alter table approval drop constraint approval_status_check;
alter table approval add constraint approval_status_check check (status in
  ('waiting', 'asked', 'approved', 'rejected', 'sent_back', 'not_needed', 'moved'));
/** Somebody whose approval was moved away may come back and be asked anew. */
alter table approval drop constraint approval_step_id_approver_id_key;
create unique index approval_once on approval (step_id, approver_id) where status <> 'moved';
/** Said about a subject: a question of an approver, an answer, a remark. Never changed or removed. */
create table comment (${owned},
  subject_kind text not null,
  subject_id uuid not null,
  kind text not null check (kind in ('question', 'comment')),
  approval_id uuid,
  person_id uuid not null,
  text text not null,
  channel text not null,
  at timestamptz not null,
  ${reference('approval_id', 'approval')},
  ${reference('person_id', 'person')}
);
create index on comment (company_id, subject_id);`

const messages = `
alter table surface add column comment_id uuid, add ${reference('comment_id', 'comment')};
alter table surface drop constraint surface_company_id_kind_expense_id_approval_id_key;
alter table surface add constraint surface_once
  unique nulls not distinct (company_id, kind, expense_id, approval_id, comment_id, person_id);
alter table outgoing_mail add column comment_id uuid, add ${reference('comment_id', 'comment')};
/** What a mail says that no row says: the rule that wants somebody told, the user who is unknown. */
alter table outgoing_mail add column details jsonb;`

/** What was spent so far, by person, by team (the submitter's of the day of submission) and by category. */
const counted = `where status in ('submitted', 'awaiting_approval', 'approved', 'settled')`
const spending = `
alter table expense add column team_id uuid, add ${reference('team_id', 'team')};
alter table expense disable row level security;
alter table person disable row level security;
update expense set team_id = person.team_id from person where person.id = submitter_id;
alter table expense enable row level security;
alter table person enable row level security;
create index expense_spent_by_person on expense (company_id, submitter_id, date) include (company_amount_minor) ${counted};
create index expense_spent_by_team on expense (company_id, team_id, date) include (company_amount_minor) ${counted};
create index expense_spent_by_category on expense (company_id, category_id, date) include (company_amount_minor) ${counted};`
