// Who may import whom. `npm run check` runs it; tests/architecture plants a violation of every rule and expects its name.
import { contexts, everyService, knownCapabilities, publishedLanguage } from './tests/architecture/contexts.ts';

const either = (names) => `(?:${names.join('|')})`;
const core = either(contexts.core);
const capability = [...contexts.supporting, ...contexts.general];
const test = '\\.test\\.ts$';
/** What only tests use. */
const forTests = '(\\.fixture\\.ts$|/testing(/|\\.ts$))';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'everything-is-found',
      comment: 'What cannot be resolved is not judged by any other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment: 'Modules that need each other at run time are one module. Types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'kernel-knows-nothing',
      comment: 'The kernel is below everything: ids and calendars from npm, and nothing of ours.',
      severity: 'error',
      from: { path: '^kernel/', pathNot: [test, '^kernel/spec\\.ts$'] },
      to: { pathNot: ['^kernel/(?!spec\\.ts$)', '^node_modules/(uuid|temporal-polyfill)/'] },
    },
    {
      name: 'core-is-pure',
      comment:
        'The root of a service is the inside of the hexagon: the kernel, its own folder, no technology. Only main.ts knows both.',
      severity: 'error',
      from: { path: '^services/([^/]+)/[^/]+\\.ts$', pathNot: [test, '/main\\.ts$'] },
      to: { pathNot: ['^kernel/(?!spec\\.ts$)', '^services/$1/(?!main\\.ts$|.*\\.test\\.ts$)[^/]+\\.ts$'] },
    },
    {
      name: 'services-import-no-service',
      comment:
        'Services know each other by contract alone: kernel/, adapters/ and generated protos are all they share.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^(services|deploy|docs|tests|web)/', pathNot: '^services/$1/' },
    },
    {
      name: 'only-main-plugs',
      comment: "A service's adapters are plugged into its ports in main.ts (and in tests), nowhere else.",
      severity: 'error',
      from: { path: '^services/[^/]+/', pathNot: [test, forTests, '^services/[^/]+/(main\\.ts$|adapters/)'] },
      to: { path: '^services/[^/]+/(main\\.ts$|adapters/)' },
    },
    {
      name: 'run-knows-only-mains',
      comment: 'What hosts the services takes each as a whole.',
      severity: 'error',
      from: { path: '^services/[^/]+\\.ts$', pathNot: test },
      to: { path: '^services/[^/]+/', pathNot: '^services/[^/]+/main\\.ts$' },
    },
    {
      name: 'adapters-know-no-service',
      comment: 'adapters/ is technology without a business word.',
      severity: 'error',
      from: { path: '^adapters/' },
      to: { path: '^(services|docs|web)/' },
    },
    {
      name: 'adapters-know-no-context',
      comment:
        'adapters/ is technology without a business word: of our contracts it reads the published language, what every service serves, and what identity says to every service; payment-commands.ts writes what all businesses ask of payment. Tests need an example.',
      severity: 'error',
      from: { path: '^adapters/', pathNot: [test, forTests, '^adapters/bus/payment-commands\\.ts$'] },
      to: {
        path: '^gen/jari/',
        pathNot: [`^gen/jari/${either([publishedLanguage, everyService])}/`, '^gen/jari/identity/v1/messages\\.ts$'],
      },
    },
    {
      name: 'capabilities-know-no-core',
      comment:
        'A core service knows the capabilities that it uses; they never know it. So a sixth business touches nobody. Tests need an example.',
      severity: 'error',
      from: { path: `^services/${either(capability)}/`, pathNot: test },
      to: { path: `^gen/jari/${core}/` },
    },
    ...capability.map((name) => ({
      name: 'capabilities-know-no-other',
      comment: 'A capability serves whoever asks; of other capabilities it knows only what contexts.ts states.',
      severity: 'error',
      from: { path: `^services/${name}/`, pathNot: test },
      to: {
        path: `^gen/jari/${either(capability.filter((other) => other !== name && !knownCapabilities[name]?.includes(other)))}/`,
      },
    })),
    {
      name: 'web-knows-only-the-api',
      comment:
        'The web application is a client like any other: it knows the REST API by its description, and no code of the services.',
      severity: 'error',
      from: { path: '^web/', pathNot: test },
      to: { path: '^(kernel|services|adapters|deploy|docs|tests|gen)/', pathNot: '^gen/openapi\\.ts$' },
    },
    {
      name: 'kit-knows-no-page',
      comment: 'A component serves every page; texts and formats are below it.',
      severity: 'error',
      from: { path: '^web/(kit|text)/' },
      to: { path: '^web/(?!kit/|text/)' },
    },
    {
      name: 'pages-know-no-shell',
      comment: 'The shell knows the pages by their routes; a page knows the kit, the texts and the API.',
      severity: 'error',
      from: { path: '^web/(?!app/)' },
      to: { path: '^web/app/' },
    },
    {
      name: 'nobody-imports-tests',
      comment: 'A test is imported by nothing; what tests share is a file of its own.',
      severity: 'error',
      from: {},
      to: { path: test },
    },
  ],
  options: {
    doNotFollow: { path: '^(node_modules|gen)/' },
    exclude: { path: '^web/(dist|\\.dist-)' },
    // Also imports of types alone: knowing a type is knowing the module.
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
