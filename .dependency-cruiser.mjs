/**
 * Who may import whom (CONTRIBUTING.md has the picture):
 *   kernel <- database <- features <- channels <- jobs' handlers <- the composition roots in src/
 * Inside features: people, audit <- policy, receipts, notifications <- approvals <- expenses, organisation <- backtest, invoices.
 * The sandbox stands apart and is reached over the network alone.
 */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** Each room of features with the rooms it may enter. */
const rooms = {
  audit: [],
  people: ['audit'],
  policy: ['people', 'audit'],
  receipts: ['people', 'audit'],
  notifications: ['people', 'audit'],
  approvals: ['people', 'audit', 'policy', 'receipts', 'notifications'],
  expenses: ['people', 'audit', 'policy', 'receipts', 'notifications', 'approvals'],
  organisation: ['people', 'audit', 'policy', 'notifications', 'approvals'],
  backtest: ['people', 'policy', 'approvals', 'expenses'],
  invoices: ['people', 'audit', 'expenses'],
}

const roomRules = Object.entries(rooms).map(([room, allowed]) =>
  rule(
    `room-${room}`,
    `${room} may enter only: ${allowed.join(', ') || 'no other room'}`,
    { path: `^src/features/${room}/` },
    { path: '^src/features/', pathNot: [room, ...allowed].map((name) => `^src/features/${name}/`) },
  ),
)

export default {
  forbidden: [
    rule('no-cycles', 'Modules that need each other are one module.', {}, { circular: true }),
    rule(
      'kernel',
      'The kernel knows no business.',
      { path: '^src/kernel/' },
      { path: '^(src|jobs|templates|config)/', pathNot: '^src/kernel/' },
    ),
    rule(
      'catalog',
      'jobs/catalog.ts is a leaf.',
      { path: '^jobs/catalog\\.ts$' },
      { path: '^(src|jobs|templates|config)/', pathNot: '^src/kernel/' },
    ),
    rule(
      'database',
      'The database knows the kernel and the names of jobs.',
      { path: '^src/database/' },
      { path: '^(src|jobs|templates|config)/', pathNot: '^(src/(kernel|database)/|jobs/catalog\\.ts$)' },
    ),
    rule(
      'features',
      'Features know no channel, handler, template or sandbox.',
      { path: '^src/features/' },
      {
        path: '^(src|jobs|templates|config)/',
        pathNot: '^(src/(kernel|database|features)/|jobs/catalog\\.ts$)',
      },
    ),
    ...roomRules,
    rule(
      'doors',
      'A room is entered by its index.ts.',
      { path: '^src/features/([^/]+)/' },
      { path: '^src/features/[^/]+/.', pathNot: ['^src/features/$1/', '^src/features/[^/]+/index\\.ts$'] },
    ),
    rule(
      'doors-from-outside',
      'A room is entered by its index.ts.',
      { path: '^(src|jobs|templates)/', pathNot: '^src/features/' },
      { path: '^src/features/[^/]+/.', pathNot: '^src/features/[^/]+/index\\.ts$' },
    ),
    rule(
      'channels-apart',
      'Channels never import each other.',
      { path: '^src/channels/([^/]+)/' },
      { path: '^src/channels/', pathNot: '^src/channels/$1/' },
    ),
    rule(
      'channels',
      'Channels know features and templates.',
      { path: '^src/channels/' },
      {
        path: '^(src|jobs|config)/',
        pathNot: '^(src/(kernel|database|features|channels)/|jobs/catalog\\.ts$)',
      },
    ),
    rule(
      'templates-pure',
      'Templates import the kernel; of features only types.',
      { path: '^templates/' },
      { path: '^(src|jobs|config)/', pathNot: '^src/kernel/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'handlers',
      'Handlers know neither the composition roots nor the sandbox.',
      { path: '^jobs/' },
      { path: '^(src/([^/]+\\.ts$|commands/|sandbox/)|config/)' },
    ),
    rule(
      'sandbox-apart',
      'The sandbox imports only errors and logs.',
      { path: '^src/sandbox/' },
      { path: '^(src|jobs|templates|config)/', pathNot: '^src/(sandbox|kernel)/' },
    ),
    rule(
      'sandbox-by-network',
      'The sandbox is reached over the network: only the demo and the bench use its client.',
      { path: '^(src|jobs|templates|config)/', pathNot: '^src/(sandbox|demo|bench)/' },
      { path: '^src/sandbox/' },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/sandbox/page/' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs'] },
  },
}
