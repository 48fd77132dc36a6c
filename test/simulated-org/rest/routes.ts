/** All parts of the REST API below `/services/data/vXX.0`, tried in order. */
import type { OrgRequest, OrgResponse, Route } from '../contracts.ts';
import type { Org } from '../org.ts';
import { handleCollections } from './collections.ts';
import { handleComposite } from './composite.ts';
import { resourceMap } from './identity.ts';
import { handleLimits } from './limits.ts';
import { QueryResource } from './query.ts';
import { handleRecords } from './records.ts';

export function createRestRoutes(org: Org): Route[] {
  const queries = new QueryResource(org);
  const simple: Route[] = [
    (request) => (request.path === '' && request.method === 'GET' ? resourceMap(org, request) : undefined),
    (request) => queries.handle(request),
    (request) => handleCollections(org, request),
    (request) => handleRecords(org, request),
    (request) => handleLimits(org, request),
  ];
  const partOf: Route = (part) => {
    const isReset = /^\/sobjects\/User\/[^/]+\/password$/.test(part.path);
    return isReset && !org.switches.mail.compositeResets ? undefined : firstAnswer(simple, part);
  };
  return [...simple, (request) => handleComposite(request, partOf)];
}

export async function firstAnswer(routes: readonly Route[], request: OrgRequest): Promise<OrgResponse | undefined> {
  for (const route of routes) {
    const response = await route(request);
    if (response) return response;
  }
  return undefined;
}
