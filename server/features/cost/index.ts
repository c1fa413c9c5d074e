// Cost: rate cards, what messages cost, caps, and the comparison with what the channel bills.
export { type Budget, budgetOf, lockBudget, paidFor, type Spender } from './budget-store.ts';
export { type Audience, campaignSpend, estimateCost } from './campaign-store.ts';
export { costMaintenance } from './cap-store.ts';
export { cardRoutes } from './card-routes.ts';
export { chargeOf } from './cost-store.ts';
export { costErrors } from './errors.ts';
export { reconciliations } from './reconcile.ts';
export { reconciliationRoutes } from './reconciliation-routes.ts';
export { costRoutes } from './routes.ts';
export { costSettingRoutes } from './settings-routes.ts';
