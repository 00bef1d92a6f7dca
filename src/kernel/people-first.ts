import { AsyncLocalStorage } from 'node:async_hooks'

/*
 * One process answers people and does work. Slack gives an answer three seconds, and work may wait: while somebody waits
 * for an answer, transactions of work do not begin. Now and then one does all the same, so that a crowd cannot stop the
 * work.
 */

/** Nobody waits longer for Slack: an answer that comes later need not come before work. */
const patienceMs = 3000
/** How long work lets people go first before one transaction of it begins. */
const modestyMs = 100

const work = new AsyncLocalStorage<'between transactions' | 'in one'>()
const held: (() => void)[] = []
let peopleWaiting = 0
let workInside = 0
let itsTurn: NodeJS.Timeout | undefined

/** Does what somebody waits for. */
export async function beforeWork<T>(answer: () => Promise<T>): Promise<T> {
  peopleWaiting += 1
  let isWaiting = true
  const leave = () => {
    if (isWaiting) peopleWaiting -= 1
    isWaiting = false
    letIn()
  }
  const patience = setTimeout(leave, patienceMs)
  try {
    return await answer()
  } finally {
    clearTimeout(patience)
    leave()
  }
}

/** Does what nobody waits for: its transactions let people go first. */
export function asWork<T>(done: () => T): T {
  return work.run('between transactions', done)
}

/** Runs a transaction when it is its turn. What is no work never waits, nor does a transaction within another. */
export async function inTurn<T>(transaction: () => Promise<T>): Promise<T> {
  if (work.getStore() !== 'between transactions') return transaction()
  if (peopleWaiting === 0) workInside += 1
  else {
    await new Promise<void>((enter) => {
      held.push(enter)
      letIn()
    })
  }
  try {
    return await work.run('in one', transaction)
  } finally {
    workInside -= 1
    letIn()
  }
}

function letIn(): void {
  while (peopleWaiting === 0 && held.length > 0) enter()
  if (held.length === 0 || workInside > 0 || itsTurn) return
  itsTurn = setTimeout(() => {
    itsTurn = undefined
    if (workInside === 0) enter()
    letIn()
  }, modestyMs)
}

function enter(): void {
  const first = held.shift()
  if (!first) return
  workInside += 1
  first()
}
