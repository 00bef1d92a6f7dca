export { type AuditFilter, type AuditLine, listAudit } from './list-audit.ts'
export { type AuditedAction, recordAudit } from './record-audit.ts'
export { type AuditHead, auditHead, sealAudit } from './seal-audit.ts'
export { type AuditFault, type AuditVerification, parseAuditHead, verifyAudit } from './verify-audit.ts'
