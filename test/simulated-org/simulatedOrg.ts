/** A Salesforce org on loopback: starts it, wires its parts, and hands them to tests. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
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
import { createSchema } from './schema/schema.ts';
import type { Schema } from './schema/schema.ts';
import { OrgServer } from './server.ts';
import { createSessions } from './session.ts';
import type { Sessions } from './session.ts';
import { SqliteStore } from './store.ts';
import { switchesWith } from './switches.ts';
import type { SwitchChanges, Switches } from './switches.ts';
import { readWorld } from './world/readWorld.ts';
import { seedWorld } from './world/seed.ts';
import type { World } from './world/seed.ts';
import { copyOfWorld, isKept } from './world/worldFile.ts';
import type { WorldOptions } from './world/worldOrg.ts';

export type SimulatedOrgOptions = {
  /** Free when left out. */
  readonly port?: number;
  /** Where to keep the data; in memory when left out, and a large world in a file without a name. */
  readonly file?: string;
  /** Differences from the defaults of switches.ts. */
  readonly switches?: SwitchChanges;
  /** The seeded world; `'none'` leaves only the organization and its administrator. */
  readonly world?: WorldOptions | 'none';
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
  /** What was seeded, by name; undefined with `world: 'none'`. */
  readonly world: World | undefined;
  /** Of the administrator. */
  readonly accessToken: string;
  readonly refreshToken: string;
  private readonly server: OrgServer;
  private port = 0;

  private constructor(options: SimulatedOrgOptions) {
    this.orgId = makeId(keyPrefixes.Organization, 1);
    this.runningUserId = makeId(keyPrefixes.User, 1);
    this.switches = switchesWith(options.switches);
    this.schema = createSchema(this.switches);
    this.store = new SqliteStore({
      clock: this.clock,
      defaultUserId: this.runningUserId,
      ...(options.file === undefined ? {} : { file: options.file }),
    });
    this.limits = createLimits(this.switches);
    this.session = createSessions(this.orgId);
    const isNew = this.store.get('Organization', this.orgId) === undefined;
    if (isNew) bootstrap(this.store, { orgId: this.orgId, administratorId: this.runningUserId });
    this.accessToken = this.session.login(this.runningUserId);
    this.refreshToken = this.session.allowRefresh(this.runningUserId);
    this.executeDml = createExecuteDml(this);
    if (options.world !== 'none') this.world = isNew ? seedWorld(this, options.world) : readWorld(this);
    this.server = new OrgServer(this, this.routes());
  }

  static async start(options: SimulatedOrgOptions = {}): Promise<SimulatedOrg> {
    const { world, file } = options;
    const org =
      world === undefined || world === 'none' || file !== undefined || !isKept(world)
        ? new SimulatedOrg(options)
        : SimulatedOrg.onCopy(options, world);
    org.port = await org.server.listen(options.port ?? 0);
    return org;
  }

  private static onCopy(options: SimulatedOrgOptions, world: WorldOptions): SimulatedOrg {
    const file = copyOfWorld(world, (draft) => {
      const { store } = new SimulatedOrg({ world });
      store.saveTo(draft);
      store.close();
    });
    const org = new SimulatedOrg({ ...options, file });
    // The open file lives on without a name, and is gone for certain when the process ends. (Windows keeps the name.)
    rmSync(dirname(file), { recursive: true, force: true });
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
