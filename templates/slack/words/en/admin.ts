/** The labels of inputs, and of what changed. */
const fields: Record<string, string> = {
  name: 'Name',
  email: 'E-mail',
  team: 'Team',
  also_in: 'Also in',
  level: 'Level',
  manager: 'Manager',
  roles: 'Roles',
  time_zone: 'Time zone',
  holidays: 'Public holidays',
  active: 'Active',
  key: 'Key',
  code: 'Code',
  keywords: 'Keywords',
  place: 'Place in the list',
  category: 'Category',
  approver: 'Approver',
  company_wide: 'Company-wide',
  rank: 'Rank',
  principal: 'Who is away',
  delegate: 'Who decides instead',
  from: 'From',
  to: 'Until',
  up_to: 'Only up to',
  text: 'As it stands in the file',
  locale: 'Dates and amounts',
  currency: 'Currency',
  intake: 'Address for receipts',
  rollback_hours: 'Hours to take a decision back',
  remind_after_days: 'Remind after working days',
  escalate_after_days: 'Ask the next one up after working days',
  step_up_over: 'Ask for a code over',
  request_tolerance_percent: 'Tolerance for requests to spend, %',
  digest_over: 'One list when more than this wait',
  'working_hours.days': 'Working days',
  'working_hours.from': 'Work begins',
  'working_hours.to': 'Work ends',
}

/** By section and field, else by field. */
const hints: Record<string, string> = {
  'people.email': 'Their address in Slack. It cannot be changed later.',
  'people.manager': 'Type a name to search.',
  'people.time_zone': 'Empty: as the company.',
  'people.active': 'If not, they can do nothing in Outlay, and what waits for them goes to others.',
  'people.also_in': 'Further teams that they approve in.',
  'categories.keywords': 'One on each line, such as: taxi',
  'categories.active': 'Expenses keep what was chosen for them.',
  'reasons.active': 'Expenses keep what was chosen for them.',
  'cost_centres.active': 'Expenses keep what was chosen for them.',
  'cost_centres.code': 'As in your bookkeeping. It cannot be changed later.',
  'assignments.team': 'Empty: for the expenses of every team.',
  'teams.name': 'It cannot be changed later.',
  'levels.rank': '1 is the highest.',
  'levels.team': 'Empty: for the whole company.',
  'delegations.to': 'This day included.',
  'company.step_up_over': 'Decisions about more need a code. Empty: never.',
  'company.rollback_hours': '0: never.',
  'company.remind_after_days': '0: never.',
  'company.escalate_after_days': '0: never.',
  'company.digest_over': 'Approvers get one list in place of a message each. 0: never.',
  'company.request_tolerance_percent': 'By how much expenses may exceed what was approved before.',
  'company.holidays': 'A country, or a state of one, such as US, US-CA or DE-BY. Empty: none.',
  'company.working_hours.from': 'Such as 09:00. Reminders come and deadlines run only then.',
  'company.working_hours.to': 'Such as 17:00.',
  'policies.place': 'A number from 1. The first policy that fits counts.',
  text: 'docs/policies.md explains every word.',
}

/** At a field, in place of the sentence of its check. By section and field, else by field. */
const mistakes: Record<string, string> = {}

/** English. The forms by which admins change the organisation. What a function is given is escaped where it needs to be. */
export const admin = {
  title: 'Admin',
  /** The lists, and what can be chosen to get to them. */
  screens: {
    people: 'People',
    policies: 'Policies',
    categories: 'Categories',
    reasons: 'Reasons',
    assignments: 'Assignments',
    cost_centres: 'Cost centres',
    delegations: 'Delegations',
    teams: 'Teams',
    levels: 'Levels',
    company: 'Company settings',
  },
  intro: {
    people: (active: string, all: string) =>
      active === all ? `*${all}* people use Outlay.` : `*${active}* of ${all} people still use Outlay.`,
    policies:
      'Who approves what. The first policy that fits an expense counts; if none fits, finance decides. Rules and limits apply as well.',
    categories: 'What money is spent on. Keywords are words on a receipt that point to a category.',
    reasons: 'Why money is spent. People choose one of these.',
    assignments: 'Who approves a category, where a policy asks for that.',
    cost_centres: 'What expenses are booked to.',
    delegations: 'Who decides for somebody who is away.',
    teams: 'Approvers are looked for inside a team. Members of a company-wide team approve for everybody.',
    levels: 'Ranks, 1 being the highest. A policy names the lowest rank that may approve.',
  },
  empty: 'Nothing here yet.',
  goTo: 'Go to',
  find: 'Find…',
  findSomebody: 'Find somebody…',
  add: 'Add…',
  change: 'Change…',
  changeWhat: (what: string) => `Change: ${what}`,
  remove: 'Remove…',
  back: (screen: string) => `‹ ${screen}`,
  earlier: '‹ Back',
  later: 'More ›',
  page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  inactive: 'not active',
  goOn: 'Continue',
  groups: {
    policies: 'Policies',
    rules: 'Rules',
    limits: 'Limits',
    mileage: 'Mileage rates',
    per_diem: 'Per diem rates',
    tests: 'Examples',
  },
  strangers: {
    title: 'Asked for access',
    line: (name: string, email: string) => `*${name}*\n${email}`,
    unknown: 'Somebody',
    noEmail: 'no e-mail address',
    add: 'Add…',
  },
  adding: {
    company: 'Company settings',
    people: 'Add a person',
    teams: 'Add a team',
    levels: 'Add a level',
    categories: 'Add a category',
    reasons: 'Add a reason',
    cost_centres: 'Add a cost centre',
    assignments: 'Add an assignment',
    policies: 'Add a policy',
    rules: 'Add a rule',
    limits: 'Add a limit',
    mileage: 'Add a mileage rate',
    per_diem: 'Add a per diem rate',
    tests: 'Add an example',
    delegations: 'Add a delegation',
  },
  changing: {
    company: 'Company settings',
    people: 'Change a person',
    teams: 'Change a team',
    levels: 'Change a level',
    categories: 'Change a category',
    reasons: 'Change a reason',
    cost_centres: 'Change a cost centre',
    assignments: 'Change an assignment',
    policies: 'Change a policy',
    rules: 'Change a rule',
    limits: 'Change a limit',
    mileage: 'Change a mileage rate',
    per_diem: 'Change a per diem rate',
    tests: 'Change an example',
    delegations: 'Change a delegation',
  },
  fields,
  hints,
  amountHint: (currency: string) => `In ${currency}. Empty: any amount.`,
  placeHint: (count: number) => `A number from 1 to ${count}.`,
  chooseOne: 'Choose one',
  chooseSeveral: 'Choose any',
  none: 'None',
  roles: { employee: 'Employee', manager: 'Manager', finance: 'Finance', admin: 'Admin' },
  roleHints: {
    manager: 'Approves for others',
    finance: 'Decides what no policy covers, closes months and pays',
    admin: 'Changes all of this',
  },
  weekdays: {
    monday: 'Monday',
    tuesday: 'Tuesday',
    wednesday: 'Wednesday',
    thursday: 'Thursday',
    friday: 'Friday',
    saturday: 'Saturday',
    sunday: 'Sunday',
  },
  /** Two answers to choose from. */
  switches: {
    active: { on: 'Works here and uses Outlay', off: 'Does not use Outlay any more' },
    offered: { on: 'Can be chosen', off: 'Cannot be chosen any more' },
    company_wide: { on: 'Its members approve for everybody', off: 'Its members approve for their team' },
  },
  /** Amounts by which policies divide the same expenses, or that of a limit. */
  bands: {
    intro: (expenses: string) =>
      `For *${expenses}*. Each policy begins where the one before ends, so they move together.`,
    upTo: 'Up to',
    above: 'Above',
    beyond: 'above that',
    hint: (currency: string) => `In ${currency}.`,
    asText: 'Edit as text…',
  },
  lines: {
    keywords: (count: number, some: string) =>
      count === 0 ? 'No keywords' : `${count === 1 ? '1 keyword' : `${count} keywords`}: ${some}`,
    people: (count: number) => (count === 1 ? '1 person' : `${count} people`),
    ofTeam: (team: string) => `in ${team}`,
    companyWide: 'company-wide',
    clause: (clause: string) => `(${clause})`,
    from: (date: string) => `from ${date}`,
    exampleHolds: 'comes out as expected',
    delegation: (delegate: string, principal: string) => `${delegate} decides for ${principal}`,
    days: (from: string, to: string) => `${from} to ${to}`,
    upTo: (amount: string) => `up to ${amount}`,
  },
  end: 'End',
  endWhat: (who: string) => `End: ${who}`,
  endTitle: 'End it?',
  endText: (delegate: string, principal: string) =>
    `${delegate} does not decide for ${principal} any more. What is still open goes back.`,
  delegated: (delegate: string, principal: string, days: string) =>
    `${delegate} decides for ${principal}, ${days}. Both get a mail.`,
  checking: 'Checking what this changes…',
  checkingTitle: 'One moment',
  confirmTitle: 'Save this change?',
  confirm: {
    added: (what: string) => `:heavy_plus_sign: *${what}* is added`,
    changed: (what: string) => `:pencil2: Change: *${what}*`,
    removed: (what: string) => `:heavy_minus_sign: *${what}* is removed`,
    line: (field: string, from: string, to: string) => `*${field}*: ${from} → ${to}`,
    value: (field: string, value: string) => `*${field}*: ${value}`,
    more: (added: string) => `added ${added}`,
    less: (removed: string) => `removed ${removed}`,
    meaning: (text: string) => `From then on: ${text}`,
    follows: 'What follows',
    delegationEnds: (principal: string, delegate: string) =>
      `${delegate} does not decide for ${principal} any more.`,
    approved: (count: number) =>
      `${count === 1 ? '1 is' : `${count} are`} approved, as all others had agreed.`,
    blocked: (count: number) => `${count === 1 ? '1 is' : `${count} are`} stuck: nobody else may decide.`,
    moved: (count: number, to: string) => `${count === 1 ? '1 goes' : `${count} go`} to ${to} instead.`,
    waiting: (now: number, later: number, name: string) =>
      now === 0
        ? `${later === 1 ? '1 request' : `${later} requests`} would come to ${name} later.`
        : `${now === 1 ? '1 request waits' : `${now} requests wait`} for ${name} now${
            later === 0 ? '' : `; ${later} more would come to them later`
          }.`,
    leavesNothing: (name: string) => `${name} has nothing open.`,
    warnings: 'Please look at this',
    /** The same when it is saved. */
    saved: {
      follows: 'What was done',
      approved: (count: number) =>
        `${count === 1 ? '1 request was' : `${count} requests were`} approved, as all others had agreed.`,
      blocked: (count: number) =>
        `${count === 1 ? '1 request is' : `${count} requests are`} stuck: nobody else may decide.`,
      moved: (count: number, to: string) =>
        `${count === 1 ? '1 request' : `${count} requests`} went to ${to}.`,
      warnings: 'Still open',
    },
    /** What somebody has not, by whether a policy asks for it. */
    gaps: {
      team: (name: string, isAsked: boolean) =>
        isAsked
          ? `*${name} is in no team.* Nobody in a team approves for them until they have one: finance decides instead.`
          : `${name} is in no team. No policy asks for one now.`,
      manager: (name: string, isAsked: boolean) =>
        isAsked
          ? `*${name} has no manager.* Nobody approves as their manager until they have one: finance decides instead.`
          : `${name} has no manager. No policy asks for one now.`,
    },
    examples: (count: number) =>
      count === 1 ? 'The example comes out as expected.' : `All ${count} examples come out as expected.`,
    examplesFail: (failed: number, count: number) =>
      `${failed} of ${count} examples ${failed === 1 ? 'comes' : 'come'} out differently now`,
    failedBefore: (count: number) =>
      count === 1
        ? '1 example came out differently before as well.'
        : `${count} examples came out differently before as well.`,
    drafts: 'Drafts are judged anew. What is already submitted stays as it was judged.',
  },
  save: 'Save',
  /** Where something warns. */
  saveAnyway: 'Save anyway',
  done: 'Done',
  goBack: 'Back',
  savingTitle: 'Saving',
  saving: 'Saving…',
  savingLong: 'This takes longer than usual. It will be saved: you can close this.',
  savedTitle: 'Saved',
  saved: 'Saved.',
  savedElsewhere: (lines: string) => `Your change is saved:\n${lines}`,
  notSavedTitle: 'Not saved',
  problemAt: (field: string, message: string) => `*${field}*: ${message}`,
  yes: 'yes',
  no: 'no',
  nothing: 'none',
  mistakes,
}
