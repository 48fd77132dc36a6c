/** `GET /limits` and `/limits/recordCount`. */
import type { OrgRequest, OrgResponse } from '../contracts.ts';
import { ApiError } from '../contracts.ts';
import type { LimitName } from '../limits.ts';
import type { Org } from '../org.ts';

/** Allowances nothing here uses up; values of a recorded Developer Edition org. */
const untouched: Readonly<Record<string, number>> = {
  AnalyticsExternalDataSizeMB: 40_960,
  ConcurrentAsyncGetReportInstances: 200,
  ConcurrentSyncReportRuns: 20,
  DailyAsyncApexExecutions: 250_000,
  DailyBulkV2QueryFileStorageMB: 976_562,
  DailyDurableGenericStreamingApiEvents: 10_000,
  DailyDurableStreamingApiEvents: 10_000,
  DailyGenericStreamingApiEvents: 10_000,
  DailyStreamingApiEvents: 10_000,
  DailyWorkflowEmails: 1_500,
  DataStorageMB: 5_000,
  DurableStreamingApiConcurrentClients: 20,
  FileStorageMB: 20_000,
  HourlyAsyncReportRuns: 1_200,
  HourlyDashboardRefreshes: 200,
  HourlyODataCallout: 1_000,
  HourlySyncReportRuns: 500,
  HourlyTimeBasedWorkflow: 50,
  MassEmail: 5_000,
  MonthlyPlatformEvents: 10_000,
  Package2VersionCreates: 6,
  PermissionSets: 1_500,
  StreamingApiConcurrentClients: 20,
};

const counted: readonly LimitName[] = [
  'DailyApiRequests',
  'DailyBulkApiBatches',
  'DailyBulkV2QueryJobs',
  'SingleEmail',
];

export function handleLimits(org: Org, request: OrgRequest): OrgResponse | undefined {
  if (request.method !== 'GET') return undefined;
  if (request.path === '/limits') return { status: 200, body: limits(org, request.runningUserId) };
  return request.path === '/limits/recordCount' ? { status: 200, body: recordCount(org, request) } : undefined;
}

function limits(org: Org, userId: string): Record<string, unknown> {
  if (!org.hasPermission(userId, 'ViewSetup')) {
    throw new ApiError(403, 'FORBIDDEN', 'You do not have access to the limits resource');
  }
  const fixed = Object.entries(untouched).map(([name, max]) => [name, { Max: max, Remaining: max }] as const);
  const live = counted.map(
    (name) => [name, { Max: org.limits.max(name), Remaining: org.limits.remaining(name), ...perApp(name) }] as const,
  );
  const all = [...fixed, ...live].filter(([name]) => !org.switches.missingLimits.includes(name));
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Recorded: entries of connected apps stand beside Max and Remaining. */
function perApp(name: LimitName): Record<string, unknown> {
  return name === 'DailyApiRequests' || name === 'DailyBulkApiBatches' ? { Workbench: { Max: 0, Remaining: 0 } } : {};
}

/** Without objects that have no rows. */
function recordCount(org: Org, request: OrgRequest): unknown {
  const wanted = request.query.get('sObjects')?.split(',');
  const objects = wanted ? wanted.flatMap((name) => org.schema.object(name.trim()) ?? []) : org.schema.objects();
  const counts = objects.map(({ name }) => ({
    count: Number(org.store.db.prepare(`SELECT COUNT(*) AS n FROM "${name}"`).get()?.['n']),
    name,
  }));
  return { sObjects: counts.filter(({ count }) => count > 0) };
}
