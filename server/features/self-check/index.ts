// The self-check: whether the parts of an installation work together, and what to do first where they do not.
export {
  type Finding,
  failed,
  ok,
  type Probe,
  type Probes,
  runChecks,
  skipped,
  stateOf,
  warning,
} from './check.ts';
export { databaseFacts, linkFacts, workerFacts } from './facts-store.ts';
export { selfCheckRoutes } from './routes.ts';
