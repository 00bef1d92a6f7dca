export { type LinkClaims, type LinkPurpose, makeLink, openLink } from './links.ts'
export type { OutgoingMail, Surface, SurfaceAddress, SurfaceKind } from './notifications.entity.ts'
export { countMails, getMail, type MailToSend, queueMail, recordMailResult } from './outgoing-mail.ts'
export {
  intendPosting,
  leaseSurface,
  refreshSurfaces,
  releaseSurfaces,
  settleSurface,
  showOutcome,
  showSurface,
} from './surfaces.ts'
