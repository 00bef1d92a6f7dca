/** English. Every text of Outlay in Slack is in one of these modules; `../de` has the same in German. */
export const home = {}
