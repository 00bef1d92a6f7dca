import { cardForms } from './card-forms.ts'
import { expenseTexts } from './expense-texts.ts'

/** What cards and messages about expenses say. */
export const cards = {
  ...expenseTexts,
  ...cardForms,
  approval: {
    /** For whoever hears it read. */
    asks: {
      receipt: (who: string) => `${who} asks for your approval`,
      mileage: (who: string) => `${who} asks for your approval of mileage`,
      per_diem: (who: string) => `${who} asks for your approval of per diem`,
      request: (who: string) => `${who} asks to spend`,
    },
    asksFor: {
      receipt: (who: string, amount: string) => `${who} asks for your approval: *${amount}*`,
      mileage: (who: string, amount: string) => `${who} asks for your approval of mileage: *${amount}*`,
      per_diem: (who: string, amount: string) => `${who} asks for your approval of per diem: *${amount}*`,
      request: (who: string, amount: string) => `${who} asks to spend *${amount}*`,
    },
    stillWaiting: 'Still waiting for you',
    stillWaitingSince: (day: string) => `Still waiting for you since ${day}.`,
    because: (reason: string) => `You are asked because ${reason}.`,
    standsIn: (who: string, until: string) => `${who} decides for you until ${until}. You still can, too.`,
    needsCode: 'A large amount: you are asked for a code when you decide.',
    noReceipt: 'There is no receipt.',
    receipt: 'Receipt',
    receiptOf: (what: string) => `Receipt of ${what}`,
    from: (who: string) => `from ${who}`,
    approve: 'Approve',
    approveByCode: 'Approve…',
    reject: 'Reject',
    sendBack: 'Send back',
    ask: 'Ask',
    details: 'Details',
    several: 'Approve several…',
    /** What a screen reader says of the buttons. */
    labels: {
      approve: (number: string) => `Approve ${number}`,
      reject: (number: string) => `Reject ${number}`,
      sendBack: (number: string) => `Send back ${number}`,
      ask: (number: string) => `Ask about ${number}`,
      details: (number: string) => `Details of ${number}`,
    },
  },
  steps: {
    title: 'Approval',
    plan: 'Who will approve',
    optional: (description: string) => `${description} (optional)`,
    nobody: (clause: string) => `Nobody has to be asked (${clause}).`,
    because: (reason: string) => `because ${reason}`,
    becauseOf: (who: string, reason: string) => `${who}: ${reason}`,
    anyOf: (names: string) => `any of ${names}`,
    allOf: (names: string) => `all of ${names}`,
    someOf: (count: number, names: string) => `${count} of ${names}`,
    decided: {
      approved: (who: string) => `approved by ${who}`,
      rejected: (who: string) => `rejected by ${who}`,
      sent_back: (who: string) => `sent back by ${who}`,
      objected: (who: string) => `objected to by ${who}`,
    },
    inPlaceOf: (who: string, principal: string) => `${who} for ${principal}`,
    standsInFor: (who: string, principal: string) => `${who} (for ${principal})`,
    nextUp: (who: string) => `${who}, the next one up`,
    stillToCome: (people: string) => `still to come: ${people}`,
    /** Of a step that nobody decided. */
    without: 'approved without it',
    notAsked: 'nobody is asked any more',
    askedSince: (day: string) => `asked since ${day}`,
    reminded: (day: string) => `reminded ${day}`,
    remindedWho: (who: string, day: string) => `${who} reminded ${day}`,
    besides: (who: string, day: string) => `and ${who}, since ${day}`,
    approval: 'approval',
  },
  outcome: {
    decided: {
      approved: (number: string, who: string) => `${number} was approved by ${who}`,
      rejected: (number: string, who: string) => `${number} was rejected by ${who}`,
      sent_back: (number: string, who: string) => `${number} was sent back by ${who}`,
      objected: (number: string, who: string) => `${who} objected to ${number}`,
    },
    paid: (number: string, amount: string) => `${number} is paid: ${amount}.`,
    /** Who did it, before when. */
    by: (who: string) => `By ${who}`,
    holdsNothingUp: 'It holds nothing up.',
    takenBack: (when: string) => `Taken back, ${when}.`,
    moved: (number: string) => `*Somebody else decides ${number} now.* There is nothing left for you to do.`,
    notYours: (number: string, whom: string) =>
      `*${number} is not yours to decide any more.* It is waiting for ${whom}.`,
    youHadApproved: 'You had approved it.',
    waitingFor: (whom: string) => `Now waiting for ${whom}.`,
    notWaiting: (number: string) => `*${number} is not waiting for you.* There is nothing to decide.`,
    blocked: (number: string) => `*${number} cannot go on as it is.* There is nothing to decide.`,
    withdrawn: (number: string, who: string) =>
      `*${number} was taken back by ${who}.* There is nothing to decide.`,
  },
  undo: {
    nouns: { approved: 'approval', rejected: 'rejection', sent_back: 'send-back', open: 'decision' },
    undo: 'Undo',
    label: (number: string) => `Undo your decision about ${number}`,
    question: 'Undo your decision?',
    /** What follows; `principal`: in whose place it was decided. */
    consequences: (principal: string | null) =>
      `It goes back to ${principal === null ? 'you' : `${principal}, or whoever decides for them then,`} for a decision. Later decisions are undone, too, and everybody involved is told.`,
    until: (when: string) => `You can undo this until ${when}.`,
    youTookBack: (noun: string, number: string) => `You took back your ${noun} of ${number}`,
    tookBack: (who: string, noun: string, number: string) => `${who} took back the ${noun} of ${number}`,
    tookBackEarlier: (who: string, when: string) => `${who} took back an earlier decision, ${when}`,
    notWaiting: (number: string) => `${number} is not waiting for you any more`,
    yoursFell: (noun: string, number: string) => `Your ${noun} of ${number} does not count any more`,
    fell: (noun: string, who: string, number: string) =>
      `The ${noun} by ${who} of ${number} does not count any more`,
    asksAgain: 'A new message asks you again.',
    asksLater: 'A new message asks you when it is your turn again.',
    askedNow: (names: string, count: number) => `${names} ${count > 1 ? 'are' : 'is'} asked now.`,
    decideAgain: 'It is to be decided again.',
    toBeDecided: (number: string) => `*${number} is to be decided again.*`,
    line: (noun: string, who: string, when: string) =>
      `${noun.charAt(0).toUpperCase()}${noun.slice(1)} by ${who} taken back, ${when}`,
    withIt: (what: string) => `with it ${what}`,
    nounBy: (noun: string, who: string) => `the ${noun} by ${who}`,
    more: (count: number) => `${count} more`,
  },
  comments: {
    said: {
      asked: (who: string) => `${who} asked`,
      answered: (who: string) => `${who} answered`,
      wrote: (who: string) => `${who} wrote`,
    },
    about: {
      asked: (who: string, number: string) => `${who} asks about ${number}`,
      answered: (who: string, number: string) => `${who} answered about ${number}`,
      wrote: (who: string, number: string) => `${who} wrote about ${number}`,
    },
    answer: 'Answer',
    answerLabel: (number: string) => `Answer the question about ${number}`,
    answered: (text: string) => `Answered: ${text}`,
    closed: 'There is nothing to answer any more.',
  },
  code: {
    yours: (code: string, number: string) => `${code} is your code to decide ${number}.`,
    shown: (code: string, number: string) => `Your code to decide ${number} is *${code}*`,
    until: (when: string) =>
      `Type it on the page where you decide. It is good until ${when}. We never ask you for it. If you are not deciding anything now, tell your admin.`,
    ended: {
      use: (number: string) => `The code for ${number} was used.`,
      newer: (number: string) => `The code for ${number} was replaced by a newer one.`,
      time: (number: string) => `The code for ${number} has expired. The page sends a new one.`,
    },
  },
  digest: {
    waiting: (count: number, total: string) =>
      count === 1 ? `One request waits for you: ${total}` : `${count} requests wait for you, ${total} in all`,
    nothing: 'Nothing waits for you any more.',
    newer: 'This list is out of date. The newest one is further down.',
    oldest: 'Waiting longest',
    since: (day: string) => `since ${day}`,
    more: (count: number) => `and ${count} more`,
    inHome: 'They are all in Home.',
    openHome: 'Open Home',
  },
}
