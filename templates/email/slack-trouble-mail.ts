import { quote } from '../expense-words.ts'
import type { FactRow } from './blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface SlackTroubleMailView {
  company: { name: string }
  /** `token`: not taken any more; `removed` from the workspace; `scope`: a permission is missing; `app_token`: the one by which Slack delivers. */
  problem: 'token' | 'removed' | 'scope' | 'app_token'
  /** The workspace's name; null where a token of the installation is meant. */
  workspace: string | null
  /** Slack's word for it. */
  code: string
  neededScope: string | null
  /** Where the app is installed again; null where whoever runs Outlay does that by a token. */
  installUrl: string | null
}

/** Tells an admin that Slack refuses what Outlay does, and how to mend it. */
export function renderSlackTroubleMail(view: SlackTroubleMailView): Mail {
  const { company, workspace, code, neededScope, installUrl } = view
  const { title, what, steps } = words(view)
  const rows: FactRow[] = [
    ...(workspace === null ? [] : [['Workspace', quote(workspace, 100)] satisfies FactRow]),
    ...(neededScope === null ? [] : [['Permission', quote(neededScope, 100)] satisfies FactRow]),
    ['Slack says', quote(code, 100)],
  ]
  return renderMail({
    subject: title,
    preview: 'Nothing is lost: what waits goes on when this is mended.',
    company: company.name,
    title,
    blocks: [
      { kind: 'paragraph', text: what },
      { kind: 'facts', rows },
      {
        kind: 'list',
        title: 'To mend it',
        numbered: true,
        items: steps.map((text) => ({ mark: 'info', text })),
      },
      ...(installUrl === null
        ? []
        : [
            {
              kind: 'button' as const,
              label: 'Add Outlay to Slack again',
              url: installUrl,
              rank: 'main' as const,
              note: null,
            },
          ]),
      {
        kind: 'paragraph',
        text: 'Nothing is lost. What Outlay has to say in Slack waits for a day and goes on when this is mended; mails go out as ever. If it lasts, you get this mail again tomorrow.',
      },
    ],
    reason: `You get this mail because you are an admin at ${quote(company.name)}.`,
  })
}

const restart = 'Give the new token to whoever runs Outlay. They set it and start Outlay again.'

function words({ problem, workspace, neededScope, installUrl }: SlackTroubleMailView): {
  title: string
  what: string
  steps: string[]
} {
  const there = workspace === null ? 'your Slack workspace' : `the Slack workspace ${quote(workspace, 100)}`
  const again =
    'Open the page below and have a link mailed to you. It leads you to Slack, where you choose the workspace and allow it.'
  switch (problem) {
    case 'removed':
      return {
        title: 'Outlay was removed from Slack',
        what: `Somebody removed Outlay from ${there}, or took back its permission. It can neither read receipts nor post anything there.`,
        steps: installUrl
          ? ['If that was meant, there is nothing to do.', `Otherwise: ${lowerFirst(again)}`]
          : [
              'If that was meant, there is nothing to do.',
              'Otherwise, at api.slack.com/apps open the app, choose Install App and install it again. Copy the Bot User OAuth Token.',
              `${restart} The setting is SLACK_BOT_TOKEN.`,
            ],
      }
    case 'scope':
      return {
        title: 'Slack does not let Outlay do everything it needs',
        what: `The app in ${there} lacks ${neededScope === null ? 'a permission' : `the permission ${quote(neededScope, 100)}`}. That happens when Outlay was updated and the app was not.`,
        steps: [
          'At api.slack.com/apps open the app, choose App Manifest and paste config/slack-manifest.yaml of this version, with your own address in it.',
          installUrl ? again : 'Choose Install App and press Reinstall. The token stays the same.',
        ],
      }
    case 'app_token':
      return {
        title: 'Slack cannot deliver to Outlay',
        what: 'Slack refuses the token by which it delivers to Outlay (Socket Mode). Receipts, buttons and commands in Slack do not arrive.',
        steps: [
          'At api.slack.com/apps open the app, choose Basic Information and, under App-Level Tokens, make a token with the scope connections:write.',
          `${restart} The setting is SLACK_APP_TOKEN.`,
        ],
      }
    case 'token':
      return {
        title: 'Slack does not accept Outlay any more',
        what: `Slack refuses the token of Outlay in ${there}. It can neither read receipts nor post anything there.`,
        steps: installUrl
          ? [again]
          : [
              'At api.slack.com/apps open the app, choose Install App and install it again. Copy the Bot User OAuth Token.',
              `${restart} The setting is SLACK_BOT_TOKEN.`,
            ],
      }
  }
}

const lowerFirst = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`
