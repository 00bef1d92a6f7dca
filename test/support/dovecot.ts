import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
const program = directories.map((directory) => join(directory, 'dovecot')).find((file) => existsSync(file))

/** Why tests that need Dovecot are skipped; CI installs it and may not skip. */
export const skippedWithoutDovecot =
  program || process.env.CI === 'true' ? false : 'skipped: dovecot (Debian: dovecot-imapd) is not installed'

export interface DovecotOptions {
  /** Put before the name of every folder but INBOX, with `.` as the delimiter: `INBOX.`, as some servers have it. */
  prefix?: string
  /** What the server claims to be able to do, instead of what it is. */
  capability?: string
}

export interface DovecotAccount {
  user: string
  password: string
  home: string
}

/**
 * A real IMAP server on a free port of loopback, without TLS, run by an ordinary user on a throw-away directory. As
 * root it is run by `nobody`.
 */
export class Dovecot {
  readonly port: number
  readonly #directory: string
  readonly #owner: { uid: number; gid: number }
  readonly #accounts: DovecotAccount[]
  #process: ChildProcess | undefined
  readonly #killRest = () => killGroup(this.#process?.pid)

  private constructor(directory: string, port: number, owner: { uid: number; gid: number }) {
    this.#directory = directory
    this.port = port
    this.#owner = owner
    // Names and passwords with characters that a URL must encode.
    this.#accounts = Array.from({ length: 50 }, (_, index) => {
      const user = `expenses-${index}@example.test`
      return { user, password: `p@ss/w%rd?#${index}`, home: join(directory, 'homes', user) }
    })
  }

  static async start(options: DovecotOptions = {}): Promise<Dovecot> {
    if (!program) throw new Error('dovecot is not installed (Debian: apt-get install dovecot-imapd)')
    const directory = await mkdtemp(join(tmpdir(), 'outlay-dovecot-'))
    const name = process.getuid?.() === 0 ? 'nobody' : id('-un')
    const owner = { uid: Number(id('-u', name)), gid: Number(id('-g', name)) }
    const dovecot = new Dovecot(directory, await freePort(), owner)
    await chown(directory, owner.uid, owner.gid)
    // All at once: Dovecot looks for new users only once a second.
    const lines = dovecot.#accounts.map(({ user, password, home }) =>
      [user, `{PLAIN}${password}`, owner.uid, owner.gid, '', home, '', ''].join(':'),
    )
    await dovecot.#write('users', `${lines.join('\n')}\n`)
    await dovecot.#write(
      'dovecot.conf',
      configuration({ directory, port: dovecot.port, user: name, group: id('-gn', name), ...options }),
    )
    try {
      await dovecot.startAgain()
      return dovecot
    } catch (error) {
      await dovecot.end()
      throw error
    }
  }

  /** Starts it on the same port and files. */
  async startAgain(): Promise<void> {
    const file = join(this.#directory, 'dovecot.conf')
    const child = spawn(program ?? '', ['-F', '-c', file], {
      ...(process.getuid?.() === 0 ? this.#owner : {}),
      cwd: this.#directory,
      detached: true, // a process group of its own, so that all of it can be ended
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#process = child
    process.once('exit', this.#killRest)
    let output = ''
    child.stderr?.on('data', (chunk) => {
      output += chunk
    })
    while (!(await answers(this.port))) {
      if (child.exitCode !== null)
        throw new Error(`dovecot ended at its start: ${output}\n${await this.log()}`)
      await setTimeout(20)
    }
  }

  /** Ends it, and with it all its connections. */
  async stop(): Promise<void> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
    // The processes of open connections would go on serving them for half a minute.
    this.#killRest()
    process.off('exit', this.#killRest)
  }

  /** Ends it and removes its files. */
  async end(): Promise<void> {
    await this.stop()
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }

  async log(): Promise<string> {
    return readFile(join(this.#directory, 'log'), 'utf8').catch(() => '')
  }

  /** A user nobody has had before, with an empty mailbox. */
  newAccount(): DovecotAccount {
    const account = this.#accounts.pop()
    if (!account) throw new Error('there are no more accounts')
    return account
  }

  /** The address of a mailbox, here or through a proxy on another port. */
  url(account: DovecotAccount, options: { path?: string; port?: number; password?: string } = {}): string {
    const { path = 'INBOX', port = this.port, password = account.password } = options
    return `imap://${encodeURIComponent(account.user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${path}`
  }

  /** Delivers a mail as a local mail server does it: a file that appears in the maildir, which must exist. */
  async deliver(account: DovecotAccount, raw: Buffer): Promise<void> {
    const name = `${Date.now()}.${randomUUID()}.test`
    const partial = join(account.home, 'Maildir/tmp', name)
    await writeFile(partial, raw)
    await chown(partial, this.#owner.uid, this.#owner.gid)
    await rename(partial, join(account.home, 'Maildir/new', name))
  }

  async #write(name: string, text: string): Promise<void> {
    const file = join(this.#directory, name)
    await writeFile(file, text, { mode: 0o600 })
    await chown(file, this.#owner.uid, this.#owner.gid)
  }
}

function id(...args: string[]): string {
  return execFileSync('id', args, { encoding: 'utf8' }).trim()
}

function killGroup(group: number | undefined): void {
  try {
    if (group !== undefined) process.kill(-group, 'SIGKILL')
  } catch {
    // none is left
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const greeted = new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
  return greeted.finally(() => socket.destroy())
}

/** Dovecot 2.4 renamed many settings and wants to be told which version they were written for. */
function configuration(
  options: DovecotOptions & { directory: string; port: number; user: string; group: string },
) {
  const { directory, port, user, group, prefix, capability } = options
  const version = execFileSync(program ?? '', ['--version'], { encoding: 'utf8' }).split(' ')[0] ?? ''
  const users = join(directory, 'users')
  const old = version.startsWith('2.3.')
  return `
${old ? '' : `dovecot_config_version = ${version}\ndovecot_storage_version = ${version}`}
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
protocols = imap
listen = 127.0.0.1
ssl = no
${old ? 'disable_plaintext_auth = no' : 'auth_allow_cleartext = yes'}
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 50
${old ? 'mail_location = maildir:~/Maildir' : 'mail_driver = maildir\nmail_path = ~/Maildir'}
${capability ? `imap_capability = ${capability}` : ''}
namespace inbox {
  inbox = yes
  separator = .
  ${prefix ? `prefix = ${prefix}` : ''}
}
${old ? `passdb {\n  driver = passwd-file\n  args = ${users}\n}` : `passdb passwd-file {\n  passwd_file_path = ${users}\n}`}
${old ? `userdb {\n  driver = passwd-file\n  args = ${users}\n}` : `userdb passwd-file {\n  passwd_file_path = ${users}\n}`}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`
}
