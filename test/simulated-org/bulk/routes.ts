/** Bulk API 2.0 of the simulated org: ingest and query jobs. */
import type { Route } from '../contracts.ts';
import type { Org } from '../org.ts';
import { createIngestRoute } from './ingestRoutes.ts';
import { createJobShelf } from './jobShelf.ts';
import { createQueryRoute } from './queryRoutes.ts';

export function createBulkRoutes(org: Org): Route[] {
  const shelf = createJobShelf();
  return [createIngestRoute(org, shelf), createQueryRoute(org, shelf)];
}
