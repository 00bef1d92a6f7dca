/**
 * English. Every text of Outlay in Slack is in one of these modules; `../de` has the same in German. What a function is
 * given is escaped already where it needs to be: what people wrote (`quote`), names, amounts and dates.
 */
export const common = {
  /**
   * What leaves a view: `close` where it is only read, `cancel` where it could be submitted, which then is not. What stands
   * before another form of ours goes back to it.
   */
  close: 'Close',
  cancel: 'Cancel',
  keep: 'Keep',
  show: 'Show it',
  nothing: '—',
  and: 'and',
  or: 'or',
  nobody: 'nobody',
  somebody: 'somebody',
  others: (count: number) => (count === 1 ? 'one other' : `${count} others`),
  andMore: (count: number) => `and ${count} more`,
  oneMoment: 'One moment…',
  notDone: 'Not done',
  sorry: 'Something went wrong on our side. Please try again in a moment.',
  /** Slack asks us to slow down. */
  slackIsBusy: (seconds: number) =>
    `Slack is busy right now. Please try again in ${seconds <= 1 ? 'a second' : `${seconds} seconds`}.`,
  tooLate: 'That took a moment too long. Please try once more.',
  pleaseCheck: 'please check',
  moreThanFits: 'There is more than fits here.',
  /** Slack puts in the reader's day and time: https://docs.slack.dev/messaging/formatting-message-text */
  instant: '{date_short} at {time}',
  quoted: (text: string) => `“${text}”`,
  days: (count: number) => (count === 1 ? '1 day' : `${count} days`),
  /** `EXP-2026-0042 is a draft.` */
  statuses: {
    draft: 'a draft',
    submitted: 'submitted',
    awaiting_approval: 'waiting for approval',
    approved: 'approved',
    rejected: 'rejected',
    sent_back: 'sent back',
    blocked: 'blocked',
    cancelled: 'discarded',
    settled: 'paid',
  },
  kinds: {
    receipt: 'Expense',
    mileage: 'Mileage',
    per_diem: 'Per diem',
    request: 'Request to spend',
  },
  receiptOf: (number: string) => `Receipt ${number}`,
  /** What a file is called that has no name. */
  unnamedFile: 'receipt',
  /** The labels of facts and inputs. */
  fields: {
    merchant: 'Merchant',
    amount: 'Amount',
    currency: 'Currency',
    date: 'Date',
    category: 'Category',
    costCentre: 'Cost centre',
    reason: 'Reason',
    attendees: 'Attendees',
    note: 'Note',
    request: 'Request to spend',
    paidBy: 'Paid by',
    submittedBy: 'Submitted by',
    status: 'Status',
    team: 'Team',
  },
  /** Where the company paid itself. */
  company: 'Company',
  /** In a sentence: `Please fill in the merchant and the date.` */
  theFields: {
    merchant: 'the merchant',
    amount: 'the amount',
    currency: 'the currency',
    date: 'the date',
    category: 'the category',
    trip: 'the trip',
    stay: 'the days away',
  },
  /** Where somebody did something. */
  channels: {
    slack: 'in Slack',
    email: 'by the link in a mail',
    api: 'by the API',
    web: 'on a web page',
    cli: 'by the command line',
    system: 'automatically',
  },
}
