/**
 * Counts the moments at which a process can die and something is different afterwards: before and after each durable write
 * (a commit, a statement outside of a transaction, a file), and before and after each call. At one of them it kills itself.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import type { OrgClient } from '../../lib/org/orgClient.js';

export class CrashPoints {
  private readonly killAt: number;
  private readonly folder: string;
  private passed = 0;
  /** What the open transaction has written last; says what its commit is about. Empty: nothing. */
  private written = '';

  /**
   * @param killAt the point to die at, from 1; 0: only count. Each point is told on standard output first.
   * @param folder of the run: files elsewhere are no concern
   */
  constructor(killAt: number, folder: string) {
    this.killAt = killAt;
    this.folder = folder;
    this.watchDatabases();
    this.watchFiles();
  }

  /** The same client; before and after its calls are points. */
  watchCalls(client: OrgClient): OrgClient {
    const call: OrgClient['call'] = async (request) => {
      const about = `${request.method} ${request.path.replace(/\?.*/s, '').replace(/\/750\w+/, '/…')}`;
      this.pass(`before ${about}`);
      const answer = await client.call(request);
      this.pass(`after ${about}`);
      return answer;
    };
    return new Proxy(client, { get: (target, name): unknown => (name === 'call' ? call : Reflect.get(target, name)) });
  }

  private pass(label: string): void {
    this.passed += 1;
    fs.writeSync(1, `${label}\n`);
    if (this.passed === this.killAt) process.kill(process.pid, 'SIGKILL');
  }

  private around(label: string, work: () => unknown): unknown {
    this.pass(`before ${label}`);
    const result = work();
    this.pass(`after ${label}`);
    return result;
  }

  private watchDatabases(): void {
    const statements = new WeakMap<object, { readonly db: object; readonly sql: string }>();
    wrap(DatabaseSync.prototype, 'exec', (db, [sql], exec) => this.aroundSql(db, String(sql), exec));
    wrap(DatabaseSync.prototype, 'prepare', (db, [sql], prepare) => {
      const statement = prepare();
      if (typeof statement === 'object' && statement !== null) statements.set(statement, { db, sql: String(sql) });
      return statement;
    });
    wrap(StatementSync.prototype, 'run', (statement, _, run) => {
      const { db, sql = '' } = statements.get(statement) ?? {};
      return this.aroundSql(db, sql, run);
    });
  }

  private aroundSql(db: object | undefined, sql: string, work: () => unknown): unknown {
    const [verb = ''] = sql.trim().toUpperCase().split(/\s/);
    if (verb === 'COMMIT') return this.written === '' ? work() : this.around(`commit of ${this.written}`, work);
    const brief = sql.trim().replace(/\s+/g, ' ').slice(0, 50);
    if (verb === 'BEGIN') this.written = '';
    else if (!(db instanceof DatabaseSync && db.isTransaction)) return this.around(brief, work);
    else this.written = brief;
    return work();
  }

  private watchFiles(): void {
    for (const name of ['mkdir', 'writeFile', 'rm', 'open', 'rename']) {
      wrap(fs.promises, name, async (_, [path], work) => {
        if (!String(path).startsWith(this.folder)) return work();
        const about = `${name} ${this.nameOf(path)}`;
        this.pass(`before ${about}`);
        const result = await work();
        // What is opened is not written yet: the step ends before the next one begins.
        this.pass(`${name === 'open' ? 'empty' : 'after'} ${about}`);
        return result;
      });
    }
    syncBuiltinESMExports();
  }

  private nameOf(path: unknown): string {
    return String(path) === this.folder ? 'of the run folder' : basename(String(path));
  }
}

/** Replaces a method. @param around gets the object, what was given, and the call itself */
function wrap(
  owner: object,
  name: string,
  around: (self: object, given: readonly unknown[], call: () => unknown) => unknown,
): void {
  const method: unknown = Reflect.get(owner, name);
  if (typeof method !== 'function') throw new Error(`${name} is no method`);
  Reflect.set(owner, name, function (this: object, ...given: unknown[]): unknown {
    return around(this, given, (): unknown => Reflect.apply(method, this, given));
  });
}
