/** An org without a server: the store, the rules and the seeded world, for tests of the rules alone. */
import { bootstrap } from '../../simulated-org/bootstrap.ts';
import { createClock } from '../../simulated-org/clock.ts';
import type {
  DmlOperation,
  FieldValue,
  OrgRequest,
  OrgResponse,
  Route,
  RowResult,
} from '../../simulated-org/contracts.ts';
import { ApiError } from '../../simulated-org/contracts.ts';
import { createBulkRoutes } from '../../simulated-org/bulk/routes.ts';
import { createExecuteDml } from '../../simulated-org/dml/executeDml.ts';
import { createRuleState } from '../../simulated-org/dml/ruleState.ts';
import { Faults } from '../../simulated-org/faults.ts';
import { keyPrefixes, makeId } from '../../simulated-org/ids.ts';
import { Ledger } from '../../simulated-org/ledger.ts';
import { createLimits } from '../../simulated-org/limits.ts';
import type { Org } from '../../simulated-org/org.ts';
import { hasPermission } from '../../simulated-org/permissions.ts';
import { objectsWith } from '../../simulated-org/schema/ownObjects.ts';
import { createSchema } from '../../simulated-org/schema/schema.ts';
import { createSessions } from '../../simulated-org/session.ts';
import { SqliteStore } from '../../simulated-org/store.ts';
import { defaultSwitches } from '../../simulated-org/switches.ts';
import { customFields } from '../../simulated-org/world/customFields.ts';
import { seedWorld } from '../../simulated-org/world/seed.ts';
import type { World } from '../../simulated-org/world/seed.ts';
import type { WorldOptions } from '../../simulated-org/world/worldOrg.ts';

export type Row = Record<string, FieldValue>;

export type Answer = { readonly status: number; readonly body: unknown; readonly headers: Record<string, string> };

export type RuleOrg = {
  readonly org: Org;
  readonly world: World;
  dml(
    sobject: string,
    operation: DmlOperation,
    rows: readonly Row[],
    options?: { lockOwner?: string; externalIdField?: string },
  ): RowResult[];
  /** One row; its result. */
  one(sobject: string, operation: DmlOperation, row: Row): RowResult;
  /** A call of the Bulk API; refusals come as answers. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
    apiVersion?: string,
  ): Promise<Answer>;
};

type Seeded = {
  readonly records: Uint8Array;
  readonly world: World;
  readonly administrators: readonly string[];
  readonly elsewhere: readonly string[];
};

/** By the options: the clock stands still, so all orgs of a kind begin alike, and most begin with a copy. */
const seeded = new Map<string, Seeded>();

export function createRuleOrg(options: WorldOptions & { personAccounts?: boolean } = {}): RuleOrg {
  const clock = createClock();
  clock.freeze(new Date('2026-11-22T15:30:12.000Z'));
  const switches = defaultSwitches();
  switches.personAccounts = options.personAccounts ?? false;
  const runningUserId = makeId(keyPrefixes.User, 1);
  const orgId = makeId(keyPrefixes.Organization, 1);
  const objects = objectsWith({ fields: customFields });
  const kind = JSON.stringify(options);
  const known = seeded.get(kind);
  const image = known === undefined ? {} : { image: known.records };
  const store = new SqliteStore({ objects, clock, defaultUserId: runningUserId, ...image });
  if (known === undefined) bootstrap(store, { orgId, administratorId: runningUserId });
  const parts = {
    url: 'http://127.0.0.1:1',
    orgId,
    runningUserId,
    store,
    schema: createSchema(switches, objects),
    switches,
    clock,
    session: createSessions(orgId),
    limits: createLimits(switches),
    ledger: new Ledger(),
    faults: new Faults(),
    rules: createRuleState(),
    hasPermission: (userId: string, permission: string): boolean => hasPermission(store.db, userId, permission),
  };
  const org: Org = { ...parts, executeDml: createExecuteDml(parts) };
  const { portalAdministrators, usernamesElsewhere } = switches.users;
  const world = known?.world ?? seedWorld(org, options);
  if (known === undefined) {
    const sets = { administrators: [...portalAdministrators], elsewhere: [...usernamesElsewhere] };
    seeded.set(kind, { records: store.image(), world, ...sets });
  } else {
    for (const id of known.administrators) portalAdministrators.add(id);
    for (const name of known.elsewhere) usernamesElsewhere.add(name);
  }
  const routes = createBulkRoutes(org);
  const dml: RuleOrg['dml'] = (sobject, operation, rows, { lockOwner = 'test', externalIdField } = {}) =>
    org.executeDml({
      sobject,
      operation,
      rows,
      runningUserId,
      lockOwner,
      ...(externalIdField === undefined ? {} : { externalIdField }),
    });
  return {
    org,
    world,
    dml,
    one: (sobject, operation, row) => dml(sobject, operation, [row])[0]!,
    call: (method, path, body, headers = {}, apiVersion = '67.0') =>
      answer(routes, requestOf({ method, path, body, headers, apiVersion, runningUserId })),
  };
}

type Call = {
  method: string;
  path: string;
  body: unknown;
  headers: Record<string, string>;
  apiVersion: string;
  runningUserId: string;
};

function requestOf({ body, path, headers, ...rest }: Call): OrgRequest {
  const url = new URL(path, 'http://org');
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(isText ? body : JSON.stringify(body));
  const contentType = isText ? 'text/csv; charset=UTF-8' : 'application/json';
  return {
    ...rest,
    path: url.pathname,
    query: url.searchParams,
    headers: { 'content-type': contentType, ...headers },
    body: bytes,
  };
}

async function answer(routes: readonly Route[], request: OrgRequest): Promise<Answer> {
  try {
    for (const route of routes) {
      const response: OrgResponse | undefined = await route(request);
      if (response !== undefined)
        return { status: response.status, body: response.body, headers: response.headers ?? {} };
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, body: [{ errorCode: error.errorCode, message: error.message }], headers: {} };
  }
  return {
    status: 404,
    body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }],
    headers: {},
  };
}
