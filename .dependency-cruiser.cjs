/**
 * The layers, each importing only from those left of it:
 * core <- chain, workers, storage, config <- query <- hooks <- components <- app.
 * cli, devnet, bench and e2e stand outside and may use the layers; nothing that ships may use them.
 */

const layers = [
  ['^lib/core/'],
  ['^lib/(chain|workers|storage|config)/'],
  ['^lib/query/'],
  ['^lib/hooks/'],
  ['^components/'],
  ['^app/'],
]

const anyTest = '\\.test\\.tsx?$'
const chainTest = '\\.chain\\.test\\.ts$'
const shipped = '^(app|components|lib/(?!testing/))'
const outside = '^(devnet|e2e|bench|cli|scripts|lib/testing)/'

const noReachingUp = layers.slice(0, -1).map((from, index) => ({
  name: `no-reaching-up-from-layer-${index}`,
  comment: 'A layer imports only from layers below it.',
  severity: 'error',
  from: { path: from, pathNot: chainTest },
  to: { path: layers.slice(index + 1).flat() },
}))

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^next-env' },
    },
    ...noReachingUp,
    {
      name: 'core-is-pure',
      comment: 'Core imports core and nothing else: no package, no Node module, no other layer.',
      severity: 'error',
      from: { path: '^lib/core/', pathNot: anyTest },
      to: { pathNot: '^lib/core/' },
    },
    {
      name: 'core-tests-stay-in-core',
      comment: 'Unit tests of core use core, the builders in lib/testing and the test tools.',
      severity: 'error',
      from: { path: `^lib/core/.*${anyTest}`, pathNot: chainTest },
      to: {
        pathNot: [
          '^lib/(core|testing)/',
          '(^|/)node_modules/(vitest|fast-check)/',
          '^node:|^(fs|path|url|perf_hooks)$',
        ],
      },
    },
    {
      name: 'nothing-outside-ships',
      comment: 'What ships never imports the local chain, tests, benchmarks, scripts or the command line.',
      severity: 'error',
      from: { path: shipped, pathNot: anyTest },
      to: { path: outside },
    },
    {
      name: 'no-test-in-code',
      comment: 'Code never imports a test file.',
      severity: 'error',
      from: { pathNot: anyTest },
      to: { path: anyTest },
    },
    {
      name: 'lib-folders-are-layers',
      comment: 'A new folder in lib needs a place among the layers: name it in this file.',
      severity: 'error',
      from: {},
      to: { path: '^lib/', pathNot: '^lib/(core|chain|workers|storage|config|query|hooks|testing)/' },
    },
    {
      name: 'react-stays-above',
      comment: 'React belongs to hooks, components and app.',
      severity: 'error',
      from: { path: '^(lib/(core|chain|workers|storage|config|query)|cli|devnet)/', pathNot: anyTest },
      to: { path: '(^|/)node_modules/(react|react-dom|next|wagmi|@rainbow-me)/' },
    },
    {
      name: 'dev-packages-do-not-ship',
      comment: 'What ships imports dependencies, not devDependencies.',
      severity: 'error',
      from: { path: shipped, pathNot: anyTest },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'scripts-need-nothing-installed',
      comment: 'scripts/ runs on a fresh clone: Node alone, until the packages are there (tsx, loaded on demand).',
      severity: 'error',
      from: { path: '^scripts/', pathNot: anyTest },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional'], pathNot: '(^|/)node_modules/tsx/' },
    },
    {
      name: 'scripts-load-late',
      comment: 'scripts/ imports TypeScript and packages only on demand, once they can be there.',
      severity: 'error',
      from: { path: '^scripts/', pathNot: anyTest },
      to: { pathNot: ['^scripts/.*\\.mjs$', '^devnet/install\\.mjs$', '^[^/]+$'], dynamic: false },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|\\.next|\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'],
      mainFields: ['module', 'main', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
}
