export { isLatestDigest, queueDigest, showDigest } from './digests.ts'
export { isThreadKnown, messageAbout, subjectsOfThread, type ThreadSubjects } from './find-thread.ts'
export { type HomeList, homeLists, type ShownHome } from './homes.entity.ts'
export {
  keepPages,
  noteInHome,
  openHome,
  refreshHomes,
  settleHome,
  takeHome,
  turnPage,
} from './homes.ts'
export { type LinkClaims, makeLink, openLink, type PagePurpose } from './links.ts'
export { mailAuditHead } from './mail-audit-head.ts'
export { mailInstead } from './mail-instead.ts'
export { mailDelegationLink, mailInstallLink } from './mail-links.ts'
export { mailSlackTrouble } from './mail-slack-trouble.ts'
export type {
  MailDetails,
  OutgoingMail,
  SlackTroubleDetails,
  Surface,
  SurfaceAddress,
  SurfaceKind,
} from './notifications.entity.ts'
export {
  countMails,
  getMail,
  type MailToSend,
  mailedDocument,
  queueMail,
  recordMailResult,
} from './outgoing-mail.ts'
export {
  hasThread,
  intendPosting,
  leaseSurface,
  messageOfQuestion,
  refreshCardsAt,
  refreshQuestion,
  refreshSurfaces,
  refreshSurfacesOf,
  releaseSurfaces,
  settleSurface,
  showComment,
  showMyExpense,
  showOutcome,
  showPaid,
  showReminder,
  showSurface,
  showUndone,
  showUndoneToApprover,
} from './surfaces.ts'
export { isCutOff, waysTo } from './tell.ts'
