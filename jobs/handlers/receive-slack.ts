import { receiveDelivery } from '../../src/channels/slack/index.ts'
import type { Handler } from '../handler.ts'

export const receiveSlack: Handler<'slack.receive'> = (context, { deliveryId }, work) =>
  receiveDelivery(context.slack, deliveryId, work)
