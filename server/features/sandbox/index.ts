// The simulated phones of Sandbox accounts.
export { sandboxErrors } from './errors.ts';
export { phoneRoutes } from './routes.ts';
export { presentScreen } from './screen.ts';
export { type ChatPlace, openSimulatorClient, type Simulator } from './simulator.ts';
