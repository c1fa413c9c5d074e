// Who may import whom: the laws of the house, which `npm run check:imports` holds.

/** What each place may use, besides itself. Arrows go one way; tests and bench may use everything, and nobody uses them but each other. */
const placeUses = {
  contract: [],
  'server/kit': ['contract'],
  'server/ports': ['server/kit', 'contract', 'channels/whatsapp-web'],
  'server/engine': ['server/kit', 'contract'],
  'server/adapters': ['server/ports', 'server/kit', 'contract', 'channels/whatsapp-web'],
  'server/features': ['server/engine', 'server/ports', 'server/kit', 'contract'],
  'server/admin': ['server/app', 'server/features', 'server/engine', 'server/kit', 'contract'],
  'server/app': ['server/features', 'server/adapters', 'server/engine', 'server/ports', 'server/kit', 'contract'],
  simulator: ['contract'],
  // A process and a licence of its own: the server knows its protocol only.
  'channels/whatsapp-web': [],
  cli: ['contract'],
  // The package that users install brings nothing along.
  sdk: [],
  web: ['contract', 'sdk'],
};

const featureUses = require('./scripts/feature-uses.cjs');

/** The storeys of the web app, from the ground up. */
const webUses = {
  'web/locales': [],
  'web/worker': ['web/locales'],
  'web/kit': ['web/locales'],
  'web/data': ['web/kit'],
  'web/words': ['web/data', 'web/kit', 'web/locales'],
  'web/components': ['web/words', 'web/kit'],
  // The parts of a message know what can be done with it.
  'web/components/showcase': ['web/app', 'web/components', 'web/kit'],
  'web/components/message': ['web/components', 'web/words', 'web/data', 'web/kit'],
  'web/features': ['web/components', 'web/words', 'web/data', 'web/kit'],
  'web/app': ['web/features', 'web/components', 'web/words', 'web/data', 'web/kit'],
};

const webFeatureUses = require('./scripts/web-feature-uses.cjs');

/** Who may speak SQL: the stores, the kit and the engine. */
const speakSql = ['/store\\.ts$', '-store\\.ts$', '^server/kit/', '^server/engine/'];

const ours = '^(?!node_modules/)[^/]+/';
const folder = name => `^${name}/`;
/** The contract and the features have a door; the other places are open to those who may use them. */
const entrance = place => {
  if (place === 'contract') return '^contract/index\\.ts$';
  if (place === 'channels/whatsapp-web') return '^channels/whatsapp-web/protocol\\.ts$';
  if (place === 'server/features') return '^server/features/([^/]+/index|[^/]+)\\.ts$';
  return folder(place);
};
/** Files beside the features belong to all of them. */
const common = '^server/features/[^/]+\\.ts$';
const doors = features => [common, ...features.map(name => `^server/features/${name}/index\\.ts$`)];

const placeLaws = Object.entries(placeUses).map(([place, uses]) => ({
  name: `what-${place.replace('/', '-')}-may-use`,
  comment: `${place} may use ${uses.join(', ') || 'nothing else of ours'}; a feature and the contract by their index.ts only.`,
  severity: 'error',
  from: { path: folder(place) },
  to: { path: ours, pathNot: [folder(place), ...uses.map(entrance)], dependencyTypesNot: ['core'] },
}));

const within = (place, places) => Object.keys(places).filter(each => each.startsWith(`${place}/`));
const webLaws = Object.entries(webUses).map(([place, uses]) => ({
  name: `what-${place.replaceAll('/', '-')}-may-use`,
  comment: `Of the web app, ${place} may use ${uses.join(', ') || 'nothing'}.`,
  severity: 'error',
  from: { path: folder(place), pathNot: within(place, webUses).map(folder) },
  to: { path: '^web/', pathNot: [folder(place), ...uses.map(folder)] },
}));

/** Files beside the features belong to all of them. */
const webCommon = '^web/features/[^/]+\\.tsx?$';
const webFeatureLaws = [
  {
    name: 'what-the-web-app-may-use-of-features',
    comment: 'The app uses a feature by its pages.ts, which loads its pages when somebody goes there.',
    severity: 'error',
    from: { path: '^web/app/' },
    to: {
      path: '^web/features/',
      pathNot: [webCommon, '^web/features/[^/]+/pages\\.ts$'],
    },
  },
  {
    name: 'what-web-features-may-use',
    comment: 'scripts/web-feature-uses.cjs says which feature of the web app uses which, by its index.ts.',
    severity: 'error',
    from: {
      path: '^web/features/([^/]+)/',
      pathNot: Object.keys(webFeatureUses).map(name => folder(`web/features/${name}`)),
    },
    to: { path: '^web/features/', pathNot: ['^web/features/$1/', webCommon] },
  },
  ...Object.entries(webFeatureUses).map(([feature, uses]) => ({
    name: `what-web-${feature}-may-use`,
    comment: `Of the features of the web app, ${feature} may use ${uses.join(', ')}, by their index.ts.`,
    severity: 'error',
    from: { path: folder(`web/features/${feature}`) },
    to: {
      path: '^web/features/',
      pathNot: [folder(`web/features/${feature}`), webCommon, ...uses.map(name => `^web/features/${name}/index\\.ts$`)],
    },
  })),
];

const featureLaws = Object.entries(featureUses).map(([feature, uses]) => ({
  name: `what-${feature}-may-use`,
  comment: `Of the features, ${feature} may use ${uses.join(', ')}, by their index.ts.`,
  severity: 'error',
  from: { path: folder(`server/features/${feature}`) },
  to: { path: '^server/features/', pathNot: [folder(`server/features/${feature}`), ...doors(uses)] },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no beginning to read at: move what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unknown-imports',
      comment: 'This import leads nowhere, so no law can be checked on it.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-lawless-places',
      comment: 'Say in .dependency-cruiser.cjs what this folder may use.',
      severity: 'error',
      from: { path: ours, pathNot: ['^tests/', '^bench/', ...Object.keys(placeUses).map(folder)] },
      to: {},
    },
    ...placeLaws,
    ...featureLaws,
    {
      name: 'no-lawless-places-of-the-web-app',
      comment: 'Say in .dependency-cruiser.cjs what this folder of the web app may use.',
      severity: 'error',
      from: { path: '^web/[^/]+/', pathNot: Object.keys(webUses).map(folder) },
      to: {},
    },
    ...webLaws,
    ...webFeatureLaws,
    {
      name: 'what-other-features-may-use',
      comment: 'This feature uses no other feature; .dependency-cruiser.cjs says which may use which.',
      severity: 'error',
      from: {
        path: '^server/features/([^/]+)/',
        pathNot: Object.keys(featureUses).map(name => folder(`server/features/${name}`)),
      },
      to: { path: '^server/features/', pathNot: ['^server/features/$1/', common] },
    },
    {
      name: 'only-stores-speak-sql',
      comment: 'A table has one owner: move the statement into its store (store.ts or *-store.ts).',
      severity: 'error',
      from: { path: '^server/', pathNot: speakSql },
      to: { path: '^server/kit/db/sql\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    // A type that is imported is a dependency too.
    tsPreCompilationDeps: true,
    // Workspaces lead to their sources: what lies in dist may be missing or old.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['recado-source', 'import', 'require', 'node', 'types', 'default'],
    },
  },
};
