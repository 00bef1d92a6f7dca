import type { KnownBlock } from '@slack/types'
import { option } from './form-inputs.ts'
import { type FormSubject, fieldBlocks, textsOf } from './form-subject.ts'
import type { FormPreview } from './preview-blocks.ts'
import { joined, plain } from './text.ts'

/** One tick that says of all that it looks like: this is another one. Saved for later, it may be left open. */
export function anotherOneInput(
  subject: FormSubject,
  { looksLike }: FormPreview,
  { optional }: { optional: boolean },
): KnownBlock[] {
  if (looksLike.length === 0) return []
  const { anotherOne } = textsOf(subject).forms
  const numbers = looksLike.map(({ number }) => number)
  const yes = option({ id: looksLike.map(({ id }) => id).join(' '), name: anotherOne.yes })
  const isTicked = looksLike.every(({ differs }) => differs)
  return [
    {
      type: 'input',
      block_id: fieldBlocks.differsFrom,
      label: plain(anotherOne.label(joined(numbers, 'or', subject.company.locale))),
      optional,
      dispatch_action: true,
      element: {
        type: 'checkboxes',
        action_id: 'value',
        options: [yes],
        ...(isTicked ? { initial_options: [yes] } : {}),
      },
    },
  ]
}
