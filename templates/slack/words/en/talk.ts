/** What Outlay says when people talk to it: answers to messages, commands and mistakes. */
export const talk = {
  // Messages
  help: 'Drop a photo or PDF of a receipt here, and I will read it for you. Or write what you spent, such as “taxi 23.50 EUR yesterday”.',
  helpInChannel:
    'Post a photo or PDF of a receipt here, or mention me with what you spent, such as “taxi 23.50 EUR yesterday”.',
  /** In a channel, to all. `count`: of files; 0 where it is a text. */
  noted: (who: string, count: number) =>
    count === 0
      ? `${who}’s expense is with me. We go on in our conversation, where nobody else reads.`
      : count === 1
        ? `${who}’s receipt is with me. We go on in our conversation, where nobody else reads.`
        : `${who}’s ${count} receipts are with me. We go on in our conversation, where nobody else reads.`,
  severalAmounts: (amounts: string) =>
    `I see several amounts: ${amounts}. Write each expense as a message of its own, with one amount.`,
  tooManyFiles: (count: number) =>
    `These are ${count} files. I take up to 10 in one message, so please post them in several.`,
  tooMuch: (file: string) => `${file}: this is too much for one message. Please post it in another.`,
  // Several files, or files in the thread of an expense
  severalFiles: (count: number) =>
    `*${count} files:* one expense each, or one expense with ${count} receipts?`,
  fileInThread: (numbers: string) => `*Add it to ${numbers}, or make a new expense?*`,
  filesInThread: (count: number, numbers: string) =>
    `*${count} files:* add them to ${numbers}, or make new expenses?`,
  fileAlone: '*Make a new expense from this file?*',
  oneEach: 'One expense each',
  together: (count: number) => `One expense, ${count} receipts`,
  newExpense: 'New expense',
  addTo: (number: string) => `Add to ${number}`,
  madeEach: (count: number, numbers: string) => `*${count} files, one expense each:* ${numbers}`,
  madeTogether: (count: number, number: string) => `*${count} files, one expense:* ${number}`,
  madeNew: (number: string) => `*A new expense:* ${number}`,
  wasAdded: (count: number, number: string) =>
    count === 1 ? `*Added to ${number}.*` : `*${count} files added to ${number}.*`,
  expiredQuestion: 'Nobody answered for a month, so I made nothing of it. Post it again to submit it.',
  deletedQuestion: 'You deleted the message, so I made nothing of it.',
  stillWaiting: (count: number) =>
    count === 1
      ? 'Your file still waits for your answer.'
      : `Your ${count} files still wait for your answer.`,
  alreadyAnswered: (answer: string) => `You have already chosen: ${answer}`,
  // Text in a thread
  passedOn: (number: string, names: string) =>
    names === ''
      ? `I passed this on. It is about ${number}.`
      : `I passed this on to ${names}. It is about ${number}.`,
  decideByButtons: 'To decide, use the buttons above.',
  askedSubmitter: (name: string) => `I asked ${name}. The answer will come here.`,
  stillYours: (number: string, status: string) =>
    `${number} is ${status}, so nobody is following this thread. To change it, press Edit above.`,
  nobodyReads: (number: string, status: string) =>
    `${number} is ${status}, so nobody is following this thread.`,
  // Messages that were edited or deleted
  editedDraft: (number: string, said: string) =>
    `I keep ${number} as you first wrote it: ${said}. To change it, press Edit.`,
  deletedDraft: (numbers: string, count: number) =>
    count === 1
      ? `You deleted the message. ${numbers} is still a draft: discard it if you do not need it.`
      : `You deleted the message. ${numbers} are still drafts: discard what you do not need.`,
  discard: (number: string) => `Discard ${number}`,
  discardSure: 'Discard?',
  discardMeans: (number: string) => `${number} will not be submitted.`,
  discardIt: 'Discard',
  // “Make this an expense” in the menu of a message
  makeTitle: 'Make an expense',
  makeReady: (numbers: string) => `${numbers} is a draft now. You’ll find it in our conversation.`,
  makeKnown: (numbers: string) => `This message is already an expense: ${numbers}.`,
  makeAsked: 'There are several files in this message. I ask you in our conversation what to make of them.',
  makeNothing: 'This message has no receipt and no amount, so there is nothing to make an expense of.',
  makeOwn: 'This message is one of mine. Choose a message with a receipt or an amount.',
  // Commands
  unknownCommand: (typed: string) => `I don’t know “${typed}”.`,
  didYouMean: (name: string) => `Did you mean “${name}”?`,
  moreHelp: '“/expense help” shows everything.',
  helpTitle: 'How to use Outlay',
  helpGroups: { submit: 'Submit an expense', see: 'See how things stand', decide: 'Approve', more: 'More' },
  helpReceipt: '*Drop a photo or PDF of the receipt* into our conversation. I read it for you.',
  helpText: '*Or write what you spent*, such as “taxi 23.50 EUR yesterday”, there or after `/expense`.',
  helpShortcut: '*Make this an expense* in the menu of a message does the same with that message.',
  commands: {
    new: ['', 'opens the form'],
    status: ['status', 'shows your latest expense; `status 42` another one'],
    list: ['list', 'shows several'],
    approvals: ['approvals', 'shows what is waiting for your decision'],
    report: ['report', 'sums up your month; `report 2026-10` another one'],
    policy: ['policy', 'shows the rules of your company'],
    request: ['request', 'asks for money before you spend it'],
    mileage: ['mileage', 'claims a drive in your own car'],
    perDiem: ['per diem', 'claims days away at a flat rate'],
    delegate: ['delegate', 'lets somebody decide for you while you are away'],
    delegateEnd: ['delegate end', 'ends that'],
    settings: ['settings', 'changes your language and how I reach you'],
  },
  typedReady: (number: string, said: string) => `*${number}* is a draft in our conversation: ${said}`,
  showDraft: 'Show the draft',
  showQuestion: 'Show the question',
  showExpense: 'Show it',
  budget: 'There are no budgets yet. “/expense report” sums up what you submitted.',
  listTitle: 'Your latest expenses',
  listEmpty: 'You have no expenses yet. Drop a receipt into our conversation to begin.',
  listMore: 'Older ones are in Home.',
  draft: 'draft',
  reading: 'being read',
  waitingFor: (names: string) => `waiting for ${names}`,
  statusOthers:
    'This is your latest expense. `/expense status 42` shows another one, `/expense list` several.',
  statusNone: (typed: string) => `I found no expense of yours by “${typed}”.`,
  statusSeveral: 'I found several. Write the number of the one you mean.',
  missing: (fields: string) => `Still needed: ${fields}.`,
  byWhom: (name: string) => `By ${name}`,
  approvalsTitle: (count: number, hasMore: boolean) =>
    hasMore
      ? `The first ${count} that wait for your decision`
      : count === 1
        ? '1 request waits for your decision'
        : `${count} requests wait for your decision`,
  approvalsNone: 'Nothing is waiting for you.',
  approveSeveral: 'Approve several',
  details: 'Details',
  detailsOf: (number: string) => `Details of ${number}`,
  inPlaceOf: (name: string) => `for ${name}`,
  needsCode: 'needs a code',
  reportTitle: (month: string) => `What you submitted in ${month}`,
  reportNone: (month: string) => `You submitted nothing for ${month}.`,
  reportTotal: (total: string, count: number) =>
    `*${total}* in ${count === 1 ? '1 expense' : `${count} expenses`}, approved or on the way`,
  reportCategories: 'What for',
  reportStatuses: 'What became of it',
  policyTitle: 'Company rules',
  policyNone: 'Your company has no rules yet: finance decides about every expense.',
  policyIntro: (version: number) =>
    `These rules apply now (version ${version}). The first that fits an expense says who approves it.`,
  policies: 'Who approves',
  rules: 'What else applies',
  limits: 'Limits',
}
