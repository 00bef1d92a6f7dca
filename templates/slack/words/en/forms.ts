/** What the forms of expenses and delegations say. */
export const forms = {
  titles: {
    receipt: 'New expense',
    request: 'Request to spend',
    mileage: 'Mileage',
    per_diem: 'Per diem',
    edit: 'Edit expense',
    editOf: (number: string) => `Edit ${number}`,
    delegate: 'Delegate',
  },
  submit: 'Submit',
  save: 'Save',
  goOn: 'Continue',
  intro: {
    receipt: 'Attach the receipt, and I fill in what it says. Or fill it in yourself.',
    request:
      'Ask before you spend. Once it is approved, choose it in the form of each expense: what it covers needs no approval again.',
    mileage: 'A drive in your own car. It needs no receipt.',
    per_diem: 'Days away at a flat rate. They need no receipts.',
  },
  chooseOne: 'Choose one',
  none: 'None',
  /** At a field that was read without certainty. */
  check: (label: string) => `${label} (please check)`,
  notSure: 'I am not sure that I read this right. Please check it.',
  leftEmpty: 'Empty: read from the receipt.',
  receipts: {
    label: 'Receipts',
    hint: 'Photos or PDFs of one expense, up to ten. Several expenses? Drop them into our conversation.',
  },
  merchant: { placeholder: 'Where was it spent?' },
  whatFor: { label: 'What for', placeholder: 'New monitors from Example Shop' },
  amount: { placeholder: '12.50' },
  date: { label: 'Date on the receipt' },
  when: { label: 'When', hint: 'The day on which it will be spent, roughly.' },
  category: {
    hint: 'Empty: the usual one for this rate.',
    /** Read, and in doubt. */
    perhaps: (name: string) => `Perhaps ${name}? Please choose.`,
    suggested: 'Suggested',
    usedHere: (merchant: string) => `Used for ${merchant}`,
    all: 'All categories',
  },
  currency: { often: 'Often used', all: 'All currencies' },
  attendees: {
    hint: 'Who else was there? Names, separated by commas.',
    hintOfRequest: 'Who else? Names, separated by commas.',
    placeholder: 'Ann Lee, Bob Ray',
  },
  note: { placeholder: 'What was it for?', placeholderOfRequest: 'Why is it needed?' },
  request: {
    hint: 'What was approved before the money was spent. What it covers needs no approval again.',
    option: (number: string, left: string, what: string) => `${number}  ·  ${left} left  ·  ${what}`,
  },
  rate: {
    label: 'Rate',
    mileage: {
      km: (name: string, rate: string) => `${name}: ${rate} a kilometre`,
      mi: (name: string, rate: string) => `${name}: ${rate} a mile`,
    },
    perDiem: (fullDay: string, travelDay: string) => `: ${fullDay} a day, ${travelDay} a travel day`,
  },
  drive: {
    from: 'From',
    fromPlaceholder: 'Office',
    to: 'To',
    toPlaceholder: 'Airport',
    distance: { km: 'Distance in kilometres', mi: 'Distance in miles' },
    distanceUnknown: 'Distance',
    distancePlaceholder: '42.5',
    distanceHint: 'With the way back, if you drove it.',
    date: 'Day of the drive',
  },
  stay: {
    firstDay: 'First day',
    firstDayHint: 'The day you left. The first and the last day are travel days.',
    lastDay: 'Last day',
    lastDayHint: 'The day you came back.',
    breakfasts: 'Breakfasts provided',
    lunches: 'Lunches provided',
    dinners: 'Dinners provided',
    mealsHint: 'How many meals somebody else paid for, such as in the price of the hotel. They are deducted.',
  },
  split: {
    begin: 'Split…',
    beginLabel: 'Split over several categories',
    intro: '*Split over several categories* or cost centres. A part without category and amount is dropped.',
    category: (part: number) => `Category of part ${part}`,
    amount: (part: number) => `Amount of part ${part}`,
    costCentre: (part: number) => `Cost centre of part ${part}`,
    add: 'Add part',
    end: 'Do not split',
    noAmount: 'Fill in the amount above first.',
    notAnAmount: (whole: string) => `The parts must add up to *${whole}*. One of them is not an amount.`,
    addsUp: (whole: string) => `The parts add up to *${whole}*.`,
    tooMuch: (text: string, whole: string) => `The parts are *${text}* more than ${whole}.`,
    left: (text: string, whole: string) => `*${text}* of ${whole} is left.`,
  },
  /** At what looks like an expense of before. */
  anotherOne: {
    label: (numbers: string) => `Is it the same as ${numbers}?`,
    yes: 'No, it is another one',
  },
  /** At the head of a form: what happens with it as it stands. */
  plan: {
    /** A step each, in their order. */
    willApprove: (steps: string[]) => `${steps.join(', then ')} will approve.`,
    some: (count: number, names: string) => `${count} of ${names}`,
    ifTheyLike: (names: string) => `${names} (optional)`,
    nobody: (clause: string) => `Nobody has to approve this (${clause}).`,
    amount: (amount: string) => `That is *${amount}*.`,
    missing: (fields: string) => `Still to fill in: ${fields}.`,
    toMend: 'Please correct what is marked :warning:, then I can say who approves it.',
    partsFirst: 'Once the parts are filled in, I can say who approves it.',
    refused: '*Not saved yet.* Please correct what is marked :warning:.',
    whatFor: 'what it is for',
    readFromReceipt: 'What you leave empty is read from the receipt.',
  },
  outdated: 'This form no longer works. Please close it and open it again.',
  noRates: 'Your company has no rates for this yet. Please ask your admin to add them.',
  notYours: 'Only the person who submits an expense can change it.',
  /** After a form that was sent with files. `files`: why each cannot be used. */
  refusedFiles: (files: string) => `I could not use everything that you attached.\n${files}`,
  nothingLeft: 'Nothing else was filled in, so I made no expense of it. Please try again with another file.',
  delegation: {
    intro:
      'Away for a while? Somebody else decides for you from one day to another, both included. What waits for you goes to them, and comes back to you afterwards. You can still decide yourself.',
    submit: 'Delegate',
    delegate: 'Who decides for you',
    delegateHint: 'Type a name to search.',
    from: 'From',
    to: 'Until',
    toHint: 'This day included.',
    upTo: (currency: string) => `Only up to, in ${currency}`,
    upToPlaceholder: '1000.00',
    upToHint: 'What is worth more stays with you. Empty: everything goes to them.',
    upToHintWithCode: (amount: string) =>
      `What is worth more stays with you. Above ${amount} everything does, as it needs your own code.`,
    /** The rest of a sentence about who decides. */
    cap: (amount: string) => `, up to ${amount}`,
    /** A line each about what holds or will hold: one's own, and that of somebody else. */
    ownNow: (who: string, until: string, cap: string) => `*${who}* decides for you until ${until}${cap}.`,
    ownLater: (who: string, from: string, to: string, cap: string) =>
      `*${who}* will decide for you from ${from} to ${to}${cap}.`,
    othersNow: (whom: string, until: string, cap: string) =>
      `*You* decide for *${whom}* until ${until}${cap}.`,
    othersLater: (whom: string, from: string, to: string, cap: string) =>
      `*You* decide for *${whom}* from ${from} to ${to}${cap}.`,
    end: 'End',
    endLabel: (who: string) => `End: ${who} decides for you`,
    endQuestion: 'End it?',
    ended: (who: string) => `${who} does not decide for you any more. What is still open comes back to you.`,
    nobody: 'Nobody decides for you, and no delegation is planned.',
    madeNow: (who: string, until: string, cap: string) =>
      `${who} decides for you from now until ${until}${cap}. Both of you get a mail.`,
    madeLater: (who: string, from: string, to: string, cap: string) =>
      `${who} decides for you from ${from} to ${to}${cap}. Both of you get a mail.`,
  },
}
