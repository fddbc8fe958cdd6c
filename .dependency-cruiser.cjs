// "Who may import whom" of ARCHITECTURE.md. Type imports count like any other, unless a rule says otherwise.

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** Rooms of the core whose files end the way of the data: they know events and mappings, never text. */
const downstream = '^src/core/(lifecycle|rules|report|timeline|replay)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid('no-cycle', 'Dependencies point one way.', {}, { circular: true }),
    forbid('no-orphan', 'Nobody uses this file and it uses nobody.', { orphan: true, pathNot: '\\.d\\.ts$' }, {}),
    forbid('no-unresolvable', 'The module does not exist.', {}, { couldNotResolve: true, pathNot: '^vscode$' }),

    // Rooms
    forbid(
      'core-knows-nobody',
      'The core is pure: it imports itself, and Chevrotain.',
      { path: '^src/core/' },
      { pathNot: ['^src/core/', '^node_modules/(@?chevrotain)/'] },
    ),
    forbid(
      'protocol-knows-the-core',
      'Messages are made of core types.',
      { path: '^src/protocol/' },
      { pathNot: '^src/(protocol|core)/' },
    ),
    forbid(
      'capture-knows-nobody',
      'Command lines and growing files: a room that needs no other.',
      { path: '^src/capture/' },
      { path: '^src/', pathNot: '^src/capture/' },
    ),
    forbid(
      'hosts-never-each-other',
      'extension, webview, worker and cli meet in the protocol only.',
      { path: '^src/(extension|webview|worker|cli)/' },
      { path: '^src/(extension|webview|worker|cli)/', pathNot: '^src/$1/' },
    ),
    forbid(
      'core-has-one-door',
      'From outside, the core is src/core/index.ts.',
      { path: '^src/(?!core/|webview/)' },
      { path: '^src/core/', pathNot: '^src/core/index\\.ts$' },
    ),
    forbid(
      'core-has-four-doors-for-the-webview',
      'The webview may also use core/timeline, core/replay and core/model.',
      { path: '^src/webview/' },
      { path: '^src/core/', pathNot: '^src/core/(index\\.ts$|timeline/|replay/|model/)' },
    ),
    forbid(
      'core-door-is-for-others',
      'Inside the core, import the file itself.',
      { path: '^src/core/' },
      { path: '^src/core/index\\.ts$' },
    ),

    // Inside the core
    forbid(
      'model-knows-nobody',
      'The model is the bottom.',
      { path: '^src/core/model/' },
      { pathNot: '^src/core/model/' },
    ),
    forbid(
      'dialects-know-syntax-and-model',
      'A dialect is one file: contract, syntax kit and model are all it sees; never another dialect.',
      { path: '^src/core/dialects/', pathNot: '^src/core/dialects/(registry|dialect)\\.ts$' },
      { path: '^src/', pathNot: '^src/core/(syntax/|model/|dialects/dialect\\.ts$)' },
    ),
    forbid(
      'dialect-contract-and-registry',
      'The contract and the registry stay within dialects, syntax and model.',
      { path: '^src/core/dialects/(registry|dialect)\\.ts$' },
      { path: '^src/', pathNot: '^src/core/(syntax|model|dialects)/' },
    ),
    forbid(
      'rules-know-lifecycle-and-model',
      'A rule is one file: contract, lifecycle and model are all it sees; never another rule.',
      { path: '^src/core/rules/', pathNot: '^src/core/rules/(registry|rule)\\.ts$' },
      { path: '^src/', pathNot: '^src/core/(lifecycle/|model/|rules/rule\\.ts$)' },
    ),
    forbid(
      'rule-contract-and-registry',
      'The contract and the registry stay within rules, lifecycle and model.',
      { path: '^src/core/rules/(registry|rule)\\.ts$' },
      { path: '^src/', pathNot: '^src/core/(lifecycle|model|rules)/' },
    ),
    forbid(
      'nobody-downstream-looks-at-text',
      'Text ends at the dialects: after them there are events.',
      { path: downstream },
      { path: '^src/core/(text|syntax|dialects|companion)/' },
    ),
    forbid(
      'nobody-upstream-knows-what-comes-of-it',
      'text, syntax, dialects and lifecycle feed what follows and do not know it.',
      { path: '^src/core/(text|syntax|dialects|companion|lifecycle)/' },
      { path: ['^src/core/(rules|report|timeline|replay)/', '^src/core/analyze\\.ts$'] },
    ),

    // Hosts and packages
    forbid(
      'chevrotain-in-syntax-and-dialects',
      'Grammars live in syntax and dialects.',
      { pathNot: '^(src/core/(syntax|dialects)/|node_modules/)' },
      { path: '(^|node_modules/)@?chevrotain(/|$)' },
    ),
    forbid(
      'vscode-in-extension',
      'Only the extension has VS Code around it.',
      { pathNot: '^src/extension/' },
      { path: '^vscode$|node_modules/@types/vscode/' },
    ),
    forbid(
      'node-in-cli-and-node-files',
      'Everything else also runs in a browser.',
      { path: '^src/', pathNot: ['^src/cli/', '\\.node\\.ts$'] },
      { dependencyTypes: ['core'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
