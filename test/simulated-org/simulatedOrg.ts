/** A Salesforce org on loopback: starts it, wires its parts, and hands them to tests. */
import { bootstrap, administratorUsername } from './bootstrap.ts';
import { createBulkRoutes } from './bulk/routes.ts';
import { createClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { ExecuteDml, Route } from './contracts.ts';
import { createExecuteDml } from './dml/executeDml.ts';
import { createRuleState } from './dml/ruleState.ts';
import type { RuleState } from './dml/ruleState.ts';
import { Faults } from './faults.ts';
import { keyPrefixes, makeId } from './ids.ts';
import { Ledger } from './ledger.ts';
import { createLimits } from './limits.ts';
import type { Limits } from './limits.ts';
import type { Org } from './org.ts';
import { hasPermission } from './permissions.ts';
import { createRestRoutes } from './rest/routes.ts';
import { objectsWith } from './schema/ownObjects.ts';
import type { OwnSchema } from './schema/ownObjects.ts';
import { createSchema } from './schema/schema.ts';
import type { Schema } from './schema/schema.ts';
import { OrgServer } from './server.ts';
import { createSessions } from './session.ts';
import type { Sessions } from './session.ts';
import { SqliteStore } from './store.ts';
import { switchesWith } from './switches.ts';
import type { SwitchChanges, Switches } from './switches.ts';

export type SimulatedOrgOptions = OwnSchema & {
  /** Free when left out. */
  readonly port?: number;
  /** Where to keep the data; in memory when left out. */
  readonly file?: string;
  /** What another org has saved (`store.image()`): this one begins with a copy of it, in memory. */
  readonly image?: Uint8Array;
  /** Differences from the defaults of switches.ts. */
  readonly switches?: SwitchChanges;
  /** Puts in the records that the org begins with, before anybody can call it; not asked when the file or the image holds an org already. */
  readonly seed?: (org: SimulatedOrg) => void;
};

export class SimulatedOrg implements Org {
  readonly orgId: string;
  readonly runningUserId: string;
  readonly username = administratorUsername;
  readonly clock: Clock = createClock();
  readonly switches: Switches;
  readonly schema: Schema;
  readonly store: SqliteStore;
  readonly limits: Limits;
  readonly session: Sessions;
  readonly ledger = new Ledger();
  readonly faults = new Faults();
  readonly rules: RuleState = createRuleState();
  readonly executeDml: ExecuteDml;
  /** Of the administrator. */
  readonly accessToken: string;
  readonly refreshToken: string;
  private readonly server: OrgServer;
  private port = 0;

  private constructor(options: SimulatedOrgOptions) {
    this.orgId = makeId(keyPrefixes.Organization, 1);
    this.runningUserId = makeId(keyPrefixes.User, 1);
    this.switches = switchesWith(options.switches);
    const objects = objectsWith(options);
    this.schema = createSchema(this.switches, objects);
    this.store = new SqliteStore({
      objects,
      clock: this.clock,
      defaultUserId: this.runningUserId,
      ...(options.file === undefined ? {} : { file: options.file }),
      ...(options.image === undefined ? {} : { image: options.image }),
    });
    this.limits = createLimits(this.switches);
    this.session = createSessions(this.orgId);
    const isNew = this.store.get('Organization', this.orgId) === undefined;
    if (isNew) bootstrap(this.store, { orgId: this.orgId, administratorId: this.runningUserId });
    this.accessToken = this.session.login(this.runningUserId);
    this.refreshToken = this.session.allowRefresh(this.runningUserId);
    this.executeDml = createExecuteDml(this);
    this.server = new OrgServer(this, this.routes());
    if (isNew) options.seed?.(this);
  }

  static async start(options: SimulatedOrgOptions = {}): Promise<SimulatedOrg> {
    const org = new SimulatedOrg(options);
    org.port = await org.server.listen(options.port ?? 0);
    return org;
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  hasPermission(userId: string, permission: string): boolean {
    return hasPermission(this.store.db, userId, permission);
  }

  async stop(): Promise<void> {
    await this.server.close();
    this.store.close();
  }

  private routes(): Route[] {
    return [...createRestRoutes(this), ...createBulkRoutes(this)];
  }
}
