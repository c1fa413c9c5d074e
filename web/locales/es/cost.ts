import cost from './cost.json';

export const texts = cost;
