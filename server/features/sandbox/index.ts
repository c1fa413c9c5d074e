// The simulated phones of Sandbox accounts.
export { sandboxErrors } from './errors.ts';
export { type PhoneNeeds, phoneRoutes } from './routes.ts';
export { openSimulatorClient, type Simulator } from './simulator.ts';
