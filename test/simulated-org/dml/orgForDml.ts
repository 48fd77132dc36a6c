/** The parts of the org that the rules for rows need, and what they know while they work on one chunk. */
import type { FieldValue, StoredRecord } from '../contracts.ts';
import type { Org } from '../org.ts';
import type { ObjectDefinition } from '../schema/types.ts';
import type { ProfileFacts } from './user/family.ts';

export type OrgForDml = Pick<Org, 'store' | 'schema' | 'switches' | 'clock' | 'rules' | 'hasPermission'>;

export type Chunk = {
  readonly org: OrgForDml;
  readonly object: ObjectDefinition;
  readonly runningUserId: string;
  readonly lockOwner: string;
  /** Rows that were sent together. */
  readonly rowCount: number;
  readonly kept: Kept;
};

/** Answers that hold for a whole chunk: asked for with each row, they would be most of the work. */
export type Kept = {
  readonly profiles: Map<string, ProfileFacts>;
  /** Account owners by Id. */
  readonly owners: Map<string, StoredRecord | undefined>;
  /** Active users by license, kept right by those who write users. */
  readonly activeUsers: Map<string, number>;
  /** Sites that write to new members, by Id. */
  readonly writingSites: Map<string, boolean>;
  /** What a row of an insert has where it says nothing. */
  readonly defaults: Readonly<Record<string, FieldValue>>;
};

export function startChunk(
  org: OrgForDml,
  object: ObjectDefinition,
  runningUserId: string,
  lockOwner: string,
  rowCount = 1,
): Chunk {
  return {
    org,
    object,
    runningUserId,
    lockOwner,
    rowCount,
    kept: {
      profiles: new Map(),
      owners: new Map(),
      activeUsers: new Map(),
      writingSites: new Map(),
      defaults: defaultsOf(org, object, runningUserId),
    },
  };
}

function defaultsOf(org: OrgForDml, object: ObjectDefinition, runningUserId: string): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const field of org.schema.fields(object)) {
    if (field.defaultValue !== null && field.createable) values[field.name] = field.defaultValue;
  }
  for (const { name } of object.fields) {
    if (name === 'CreatedById' || name === 'LastModifiedById') values[name] = runningUserId;
  }
  return values;
}

export function labelOf(object: ObjectDefinition, name: string): string {
  return object.fields.find((field) => field.name === name)?.label ?? name;
}
