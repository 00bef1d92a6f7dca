import { renderSurface } from '../../src/channels/slack/index.ts'
import type { Handlers } from '../handler.ts'

export const renderSlackSurface: Handlers['surface.render'] = (context, { surfaceId }, work) =>
  renderSurface(context.slack, work.companyId, surfaceId, work)
