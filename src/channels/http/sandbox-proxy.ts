import { type IncomingMessage, type RequestListener, request } from 'node:http'

/**
 * Hands requests for `/sandbox` to the sandbox's own process, for this machine's own people only: whatever address the
 * web server listens at, callers from elsewhere are refused.
 */
export function createSandboxProxy(sandboxUrl: string): RequestListener {
  const { hostname, port } = new URL(sandboxUrl)
  return (incoming, response) => {
    if (!isLoopback(incoming)) {
      response.writeHead(403, { 'content-type': 'text/plain' }).end('The sandbox is only for this machine.\n')
      return
    }
    const { method, url, headers } = incoming
    const outgoing = request({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', () => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502, { 'content-type': 'text/plain' }).end('The sandbox is not running.\n')
    })
    response.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  }
}

function isLoopback({ socket }: IncomingMessage): boolean {
  const address = socket.remoteAddress ?? ''
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}
