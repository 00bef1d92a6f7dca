import type { Words } from '../../../../templates/slack/words/index.ts'
import { acceptFile, cleanFileName, type UploadedFile } from '../../../features/receipts/index.ts'
import { AppError, transientError } from '../../../kernel/errors.ts'
import type { SlackFile } from '../payloads.ts'
import { inWords } from '../people/in-words.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { slackError, slackErrorCode } from '../transport/slack-client.ts'
import { downloadFile } from './download-file.ts'

/** More is answered with how it goes: Slack's own form sends no more, and the question would not be read. */
export const mostFiles = 10
const maxBytesOfMessage = 40 * 1024 * 1024

export interface SentFile extends UploadedFile {
  /** Slack's. */
  id: string
}

/** The files of a message that can be receipts, and what is wrong with each of the others. */
export interface FetchedFiles {
  files: SentFile[]
  /** For people. */
  problems: string[]
  /** Some of them are no receipts, or there are none: then nobody has to hear of it in a channel. */
  onlyOthers: boolean
}

/**
 * Fetches what was posted. A file that Slack does not give is waited for, until `isLastTry`.
 * @throws transientError `file_not_ready`
 */
export async function fetchFiles(
  slack: SlackChannel,
  { teamId, files }: { teamId: string; files: SlackFile[] },
  { isLastTry, words }: { isLastTry: boolean; words: Words },
): Promise<FetchedFiles> {
  const fetched: FetchedFiles = { files: [], problems: [], onlyOthers: false }
  const codes: string[] = []
  let total = 0
  for (const { id, name: given, url_private_download: url } of files) {
    const name = given ?? words.common.unnamedFile
    if (total > maxBytesOfMessage) {
      fetched.problems.push(words.talk.tooMuch(cleanFileName(name)))
      codes.push('too_much')
      continue
    }
    try {
      const bytes = await downloadFile(slack, teamId, url ?? (await addressOf(slack, teamId, id)))
      total += bytes.byteLength
      acceptFile({ name, bytes })
      fetched.files.push({ id, name, bytes })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (error.kind !== 'user' && !isLastTry) throw error
      fetched.problems.push(named(cleanFileName(name), inWords(error, words)))
      codes.push(error.code)
    }
  }
  fetched.onlyOthers = fetched.files.length === 0 && codes.every((code) => code === 'file_not_receipt')
  return fetched
}

/** Which of several files a sentence is about. */
const named = (name: string, sentence: string) =>
  sentence.includes(name) ? sentence : `${name}: ${sentence}`

/** Of a file from a shared channel Slack says only its id (`file_access: check_file_info`). */
async function addressOf(slack: SlackChannel, teamId: string, id: string): Promise<string> {
  const { client } = await slack.workspaces.of(teamId)
  const { file } = await client.files.info({ file: id }).catch((error: unknown) => {
    if (slackErrorCode(error) !== 'file_not_found') throw slackError(error)
    throw transientError('file_not_ready', 'Slack does not know the file.', { cause: error })
  })
  return file?.url_private_download ?? ''
}
