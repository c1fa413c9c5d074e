// `npm run governor`: loads the real program with accounts of all kinds of limits and counts what exceeded any of them.
import { linesOf } from './report.ts';
import { play } from './run.ts';
const order = { seconds: Number(process.argv[2] ?? 60), accounts: Number(process.argv[3] ?? 50), seed: 7 };
const f = await play(order);
for (const l of linesOf(f)) console.log(l);
console.log(f.complaints.slice(0,10), f.complaints.length, f.accounts.filter(a=>a.short).map(a=>[a.plan.kind,a.plan.limits.rate,a.short]));
