export type { OutgoingMail, Surface, SurfaceAddress, SurfaceKind } from './notifications.entity.ts'
export { getMail, type MailToSend, queueMail, recordMailResult } from './outgoing-mail.ts'
export {
  intendPosting,
  leaseSurface,
  refreshSurfaces,
  releaseSurfaces,
  settleSurface,
  showSurface,
} from './surfaces.ts'
