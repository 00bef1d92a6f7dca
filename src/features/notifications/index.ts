export { type LinkClaims, type LinkPurpose, makeLink, openLink } from './links.ts'
export type {
  MailDetails,
  OutgoingMail,
  Surface,
  SurfaceAddress,
  SurfaceKind,
} from './notifications.entity.ts'
export { countMails, getMail, type MailToSend, queueMail, recordMailResult } from './outgoing-mail.ts'
export {
  hasThread,
  intendPosting,
  leaseSurface,
  refreshSurfaces,
  releaseSurfaces,
  settleSurface,
  showComment,
  showOutcome,
  showSurface,
} from './surfaces.ts'
