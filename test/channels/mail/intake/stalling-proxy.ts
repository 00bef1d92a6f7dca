import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy that can fall silent without closing anything, as a network does whose router has gone. */
export class StallingProxy {
  readonly #server = createServer((socket) => this.#forward(socket))
  readonly #sockets = new Set<Socket>()
  readonly #target: number
  #silent = false

  private constructor(target: number) {
    this.#target = target
  }

  static async start(target: number): Promise<StallingProxy> {
    const proxy = new StallingProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** From now on nothing passes, in connections old and new. */
  fallSilent(): void {
    this.#silent = true
  }

  /** Forwards new connections again; the silent ones stay silent. */
  recover(): void {
    this.#silent = false
    for (const socket of this.#sockets) socket.pause()
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #forward(client: Socket): void {
    if (this.#silent) {
      this.#keep(client)
      return
    }
    const server = connect(this.#target, '127.0.0.1')
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#keep(from)
      from.on('data', (chunk) => this.#silent || to.write(chunk))
      from.on('end', () => this.#silent || to.end())
    }
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket))
  }
}
