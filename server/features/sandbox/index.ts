// The simulated phones of Sandbox accounts.
export { sandboxErrors } from './errors.ts';
export { phoneRoutes } from './routes.ts';
export { openSimulatorClient } from './simulator.ts';
