import { receiveDelivery } from '../../src/channels/slack/index.ts'
import type { Handlers } from '../handler.ts'

export const receiveSlack: Handlers['slack.receive'] = (context, { deliveryId }, work) =>
  receiveDelivery(context.slack, deliveryId, work)
