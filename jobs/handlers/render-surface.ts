import { renderSurface } from '../../src/channels/slack/index.ts'
import type { Handler } from '../handler.ts'

export const renderSlackSurface: Handler<'surface.render'> = (context, { surfaceId }, work) =>
  renderSurface(context.slack, work.companyId, surfaceId, work)
