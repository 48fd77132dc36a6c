/** The child of orgProcess.ts: a simulated org that answers questions about itself over the channel to its parent. */
import { SimulatedOrg } from '../simulated-org/world/simulatedOrg.ts';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import { changeSwitches } from '../simulated-org/switches.ts';
import type { SwitchChanges } from '../simulated-org/switches.ts';
import type { CallCounts, OrgAddress, OrgReply, OrgRequest } from './orgProcess.ts';

const org = await SimulatedOrg.start(JSON.parse(process.argv[2] ?? '{}') as SimulatedOrgOptions);
// A run of a million rows would be kept whole.
org.ledger.keepsBodies = false;

process.on('message', (request: OrgRequest) => send({ number: request.number, answer: answer(request) }));
// Its parent has gone.
process.once('disconnect', () => process.exit());

const address: OrgAddress = {
  url: org.url,
  orgId: org.orgId,
  username: org.username,
  accessToken: org.accessToken,
  refreshToken: org.refreshToken,
  profiles: Object.fromEntries(org.world?.profiles ?? []),
};
send({ number: 0, answer: address });

function send(reply: OrgReply): void {
  process.send?.(reply);
}

function answer({ question, about }: OrgRequest): unknown {
  switch (question) {
    case 'calls':
      return callCounts();
    case 'forgetCalls':
      org.ledger.clear();
      return null;
    case 'bulkQueries':
      return org.ledger.find('POST', '/jobs/query').map(({ soql }) => soql);
    case 'rows':
      return org.store.db.prepare(about).all();
    case 'change':
      changeSwitches(org.switches, JSON.parse(about) as SwitchChanges);
      return null;
    case 'memory':
      return process.memoryUsage.rss();
    case 'worked':
      return cpuSeconds();
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Calls by method and resource; Ids and cursors are one. */
function callCounts(): CallCounts {
  const counts: Record<string, number> = {};
  for (const { method, resource } of org.ledger.entries) {
    const name = `${method} ${resource.replace(/\/0?[0-9]\w{13,17}(?:-\d+)?(?=\/|$)/g, '/{id}')}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
