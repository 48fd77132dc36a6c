/** Resolves field paths such as `Contact.Account.Owner.UserRoleId` to columns, adding one left join a step. */
import type { Schema } from '../schema/schema.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/types.ts';
import { anyNamed, findNamed, unionOf } from './polymorphic.ts';
import { malformed, noSuchColumn, noSuchRelation, queryError } from './errors.ts';
import type { ParsedQuery } from './parse.ts';

export type Column = {
  /** For example `t2."Name"`. */
  readonly sql: string;
  readonly field: FieldDefinition;
  readonly object: ObjectDefinition;
  /** Names as the describe spells them, without the object in front: `['Profile', 'UserLicense', 'Name']`. */
  readonly path: readonly string[];
  /** The tables on the way, for the answer's nested objects. */
  readonly parents: readonly Parent[];
};

export type Parent = {
  readonly relation: string;
  readonly object: ObjectDefinition;
  readonly alias: string;
  readonly key: string;
};

const deepest = 5;

export class Paths {
  readonly object: ObjectDefinition;
  readonly alias: string;
  private readonly schema: Schema;
  private readonly parsed: ParsedQuery;
  private readonly table: string;
  private readonly prefixes: ReadonlySet<string>;
  private searchFrom = 0;
  private readonly joins = new Map<string, { readonly parent: Parent; readonly sql: string }>();

  /** `table` keeps the aliases of an inner query apart from those of the outer one. */
  constructor(
    schema: Schema,
    parsed: ParsedQuery,
    object: ObjectDefinition,
    queryAlias: string | undefined,
    table: string,
  ) {
    this.schema = schema;
    this.parsed = parsed;
    this.object = object;
    this.table = table;
    this.alias = `${table}0`;
    this.prefixes = new Set([
      object.name.toLowerCase(),
      ...(queryAlias === undefined ? [] : [queryAlias.toLowerCase()]),
    ]);
  }

  resolve(written: string): Column {
    const names = this.withoutPrefix(written);
    const fieldName = names.at(-1) ?? '';
    const steps = names.slice(0, -1);
    if (steps.length > deepest) {
      throw malformed(this.place(written), `The relationship path '${written}' has more than ${deepest} levels`);
    }
    const parents = this.walk(steps, written);
    const last = parents.at(-1);
    const object = last?.object ?? this.object;
    const field = object === anyNamed ? findNamed(fieldName) : this.schema.field(object, fieldName);
    if (!field) throw queryError('INVALID_FIELD', this.place(written), noSuchColumn(fieldName, object.name));
    const path = [...parents.map((parent) => parent.relation), field.name];
    return { sql: `${last?.alias ?? this.alias}."${field.name}"`, field, object, path, parents };
  }

  /** `FROM "User" t0 LEFT JOIN …`: to be asked for after all paths were resolved. */
  fromClause(): string {
    return [`FROM "${this.object.name}" ${this.alias}`, ...[...this.joins.values()].map((join) => join.sql)].join(' ');
  }

  /** The tree has no places: a name is looked for from the clause on that is being compiled. */
  inClause(keyword: 'SELECT' | 'WHERE' | 'ORDER' | 'GROUP'): void {
    this.searchFrom =
      this.parsed.tokens.find((token) => !token.isString && token.text.toUpperCase() === keyword)?.offset ?? 0;
  }

  place(written: string): { soql: string; offset: number | undefined } {
    const wanted = written.toLowerCase();
    const { soql, tokens } = this.parsed;
    const found = tokens.find(
      (token) => token.offset >= this.searchFrom && !token.isString && token.text.toLowerCase() === wanted,
    );
    return { soql, offset: found?.offset };
  }

  private withoutPrefix(written: string): string[] {
    const names = written.split('.');
    const first = names[0]?.toLowerCase() ?? '';
    return names.length > 1 && this.prefixes.has(first) && !this.schema.relation(this.object, first)
      ? names.slice(1)
      : names;
  }

  private walk(steps: readonly string[], written: string): Parent[] {
    const parents: Parent[] = [];
    for (const step of steps) {
      const from = parents.at(-1);
      parents.push(this.join(from, step, written));
    }
    return parents;
  }

  private join(from: Parent | undefined, step: string, written: string): Parent {
    const key = `${from?.key ?? ''}/${step.toLowerCase()}`;
    const known = this.joins.get(key);
    if (known) return known.parent;
    const object = from?.object ?? this.object;
    const reference = this.schema.relation(object, step);
    const targets = (reference?.referenceTo ?? []).flatMap((name) => this.schema.object(name) ?? []);
    const [target] = targets;
    if (!reference || !target || reference.relationshipName === null) {
      throw queryError('INVALID_FIELD', this.place(written), noSuchRelation(step));
    }
    const alias = `${this.table}${this.joins.size + 1}`;
    const isPolymorphic = reference.referenceTo.length > 1;
    const parent = { relation: reference.relationshipName, object: isPolymorphic ? anyNamed : target, alias, key };
    const sql = `LEFT JOIN ${isPolymorphic ? unionOf(targets) : `"${target.name}"`} ${alias} ON ${alias}."Id" = ${from?.alias ?? this.alias}."${reference.name}"`;
    this.joins.set(key, { parent, sql });
    return parent;
  }
}
