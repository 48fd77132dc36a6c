import { scenarios } from './faultScenarios.ts';
import { faultKinds } from './faultKinds.ts';
import { runClean, runWithFault } from './faultCell.ts';
const [, , which = '', only = ''] = process.argv;
for (const scenario of scenarios.filter(s => s.name.includes(which))) {
  let t = performance.now();
  const clean = await runClean(scenario);
  console.log('##', scenario.name, (performance.now()-t)|0, JSON.stringify(clean.counts), clean.calls.length);
  for (const [i,c] of clean.calls.entries()) console.log(i+1, c.method, c.resource, c.soql?.slice(0,80) ?? '');
  const seen = new Map<string, string[]>();
  const tally: Record<string, number> = {};
  t = performance.now(); let n=0;
  for (const kind of faultKinds.filter(k => k.name.includes(only))) for (const [i, call] of clean.calls.entries()) {
    if (!kind.strikes(call) || !scenario.concerns(call)) continue;
    n++;
    let v: string;
    try { v = await runWithFault(scenario, kind, i+1, clean); }
    catch (e) { v = 'FAIL'; const m = String((e as Error).message).slice(0, 500); const key = kind.name+' | '+m; seen.set(key, [...(seen.get(key) ?? []), String(i+1)]); }
    tally[v] = (tally[v] ?? 0) + 1;
  }
  console.log(n, 'cells', (performance.now()-t)/1000|0, 's', tally);
  for (const [k, v] of seen) console.log('  ✗', v.join(','), k);
}
process.exit(0);
