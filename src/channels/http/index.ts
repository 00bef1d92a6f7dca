export { createHttpServer } from './http-server.ts'
export { createSandboxProxy } from './sandbox-proxy.ts'
