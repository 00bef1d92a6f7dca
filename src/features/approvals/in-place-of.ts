import type { Approval } from './approvals.entity.ts'

/** For the record: both names, where somebody does something in the place of the approver. */
export const inPlaceOf = ({ approverId }: Approval, personId: string | null): { onBehalfOfId?: string } =>
  approverId === personId ? {} : { onBehalfOfId: approverId }
