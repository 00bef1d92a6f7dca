/** Says in one line what to do when an old Node runs this; it must not import anything that an old Node cannot load. */
export function checkNodeVersion(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 19)) return
  process.stderr.write(
    `Outlay needs Node 22.19 or newer; this is ${process.versions.node}. ` +
      'Start it with “npm start”, which brings its own Node on Linux, or install a newer one.\n',
  )
  process.exit(1)
}
