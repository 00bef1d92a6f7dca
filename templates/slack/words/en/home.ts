/** English. App Home and the settings. What a function is given is escaped already where it needs to be. */
export const home = {
  start: {
    welcome: (name: string) =>
      `*Hello ${name}.*\nSend a photo or PDF of a receipt under *Messages*. I read it, you check it, and it goes to whoever approves it. Here you see how it stands.`,
    hint: 'Or send a photo or PDF of a receipt under *Messages*.',
    receipt: 'New expense',
    request: 'Request to spend',
    mileage: 'Mileage',
    perDiem: 'Per diem',
  },
  /** A list with how many there are. */
  counted: (title: string, count: number) => `${title} (${count})`,
  more: 'Show more',
  back: 'Back',
  details: 'Details',
  waiting: {
    title: 'To approve',
    summary: (total: string, waits: string) => `*${total}* in all  ·  the oldest ${waits}`,
    waits: {
      today: 'came today',
      yesterday: 'came yesterday',
      days: (count: number) => `has waited ${count} days`,
    },
    onBehalfOf: (name: string) => `for ${name}`,
    /** After the first thing to look at. */
    further: (count: number) => `and ${count} more`,
    code: 'needs a code',
    approve: 'Approve',
    approveByCode: 'Approve…',
    approveWhat: (what: string) => `Approve ${what}`,
    several: 'Approve several…',
  },
  sentBack: {
    title: 'Sent back to you',
    edit: 'Edit',
    said: (name: string, text: string) => `${name}: “${text}”`,
  },
  drafts: {
    title: 'Drafts',
    missing: (fields: string) => `Still missing: ${fields}`,
    check: (fields: string) => `Please check: ${fields}`,
    reading: 'Being read…',
    ready: 'Ready to submit',
    complete: 'Complete…',
    submit: 'Submit',
    edit: 'Edit',
    nameless: 'Without a merchant',
  },
  recent: {
    title: 'Recent',
    on: 'On its way',
    waitingFor: (names: string) => `Waiting for ${names}`,
    approved: 'Approved',
    settled: 'Paid',
    closed: 'Closed',
    rejected: 'Rejected',
    rejectedBecause: (said: string) => `Rejected by ${said}`,
    /** Of a request to spend. */
    toSpend: 'To spend',
  },
  requests: {
    title: 'Approved to spend',
    left: (left: string, of: string) => `*${left}* left of ${of}`,
    spent: (used: string, of: string) => `*${used}* of ${of} spent`,
    hint: 'Choose it in the form of each expense that you spend under it.',
  },
  delegations: {
    title: 'Delegations',
  },
  finance: {
    title: 'Finance',
    month: (month: string, total: string, expenses: string) => `*${month}*  ·  ${total}  ·  ${expenses}`,
    soFar: 'so far',
    open: 'still open',
    closed: 'closed',
    expenses: (count: number) => (count === 1 ? '1 expense' : `${count} expenses`),
    unpaid: (total: string, expenses: string) => `*To pay*  ·  ${total}  ·  ${expenses}`,
    nothingUnpaid: '*To pay*  ·  nothing',
    monthButton: 'Month…',
    unpaidButton: 'To pay…',
    exportButton: 'Export…',
  },
  admin: {
    title: 'Admin',
    stranger: (who: string, day: string) => `:wave: *${who}* asked for access, ${day}`,
    unknown: 'Somebody',
    add: 'Add…',
    stuck: (what: string, who: string) => `:no_entry: *${what}* of ${who}: nobody may decide it`,
    assign: 'Assign…',
    /** The lists of an admin by what they are about, and how each stands. */
    areas: {
      titles: { people: 'People', policies: 'Policies', money: 'Money' },
      people: (count: number) => (count === 1 ? '1 person uses Outlay' : `${count} people use Outlay`),
      withoutManager: (count: number) => `${count} without a manager`,
      withoutTeam: (count: number) => `${count} without a team`,
      policies: (policies: number, rules: number, limits: number) =>
        [
          policies === 1 ? '1 policy' : `${policies} policies`,
          rules === 1 ? '1 rule' : `${rules} rules`,
          limits === 1 ? '1 limit' : `${limits} limits`,
        ].join(', '),
      noPolicy: 'No policy yet: finance decides everything',
      money: (categories: number, reasons: number, costCentres: number) =>
        [
          categories === 1 ? '1 category' : `${categories} categories`,
          reasons === 1 ? '1 reason' : `${reasons} reasons`,
          costCentres === 1 ? '1 cost centre' : `${costCentres} cost centres`,
        ].join(', '),
    },
  },
  foot: {
    delegate: 'Delegate…',
    settings: 'Settings…',
  },
  settings: {
    title: 'Settings',
    save: 'Save',
    saved: 'Saved.',
    language: 'Language',
    languageHint: 'For what you see in Slack. Mails and pages stay in English.',
    asInSlack: 'As in Slack',
    notifyBy: 'Tell me',
    by: { slack: 'In Slack', mail: 'By e-mail', both: 'In Slack and by e-mail' },
    notifyHint: 'Codes that prove who you are come their own way. Statements always come by e-mail.',
    quiet: 'Quiet hours',
    quietOption: 'Send me nothing new between these times',
    quietFrom: 'From',
    quietTo: 'Until',
    quietHint: (timeZone: string) =>
      `In your time zone, ${timeZone}. What comes meanwhile is sent afterwards.`,
    digest: 'One list instead of single requests',
    digestHint: 'When more than this wait for your approval, you get one list in place of a message each.',
    digestOver: (count: number) => `When more than ${count} wait`,
    digestCompany: (count: number) =>
      count === 0 ? 'As the company: never' : `As the company: when more than ${count} wait`,
    digestNever: 'Never',
  },
}
