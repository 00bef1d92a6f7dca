export { type LinkClaims, type LinkPurpose, makeLink, openLink } from './links.ts'
export { mailAuditHead } from './mail-audit-head.ts'
export { mailDelegationLink } from './mail-delegation-link.ts'
export type {
  MailDetails,
  OutgoingMail,
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
  refreshCardsAt,
  refreshSurfaces,
  releaseSurfaces,
  settleSurface,
  showComment,
  showOutcome,
  showReminder,
  showSurface,
  showUndone,
} from './surfaces.ts'
