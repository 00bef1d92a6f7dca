export {
  type Actor,
  acrossCompanies,
  type Channel,
  type Database,
  inCompany,
  migrate,
  narrowTo,
  openDatabase,
  type SystemTx,
  type Tx,
  violatedConstraint,
} from './database.ts'
export { addAllToOutbox, addToOutbox, isWorkLeft, takeOverWork, type WorkInHand } from './outbox.ts'
export { TextArray } from './text-array.ts'
