/** The parts of the org that the rules for rows need, and what they know while they work on one chunk. */
import type { StoredRecord } from '../contracts.ts';
import type { Org } from '../org.ts';
import type { ObjectDefinition } from '../schema/types.ts';
import type { ProfileFacts } from './user/family.ts';

export type OrgForDml = Pick<Org, 'store' | 'schema' | 'switches' | 'clock' | 'rules' | 'hasPermission'>;

export type Chunk = {
  readonly org: OrgForDml;
  readonly object: ObjectDefinition;
  readonly runningUserId: string;
  readonly lockOwner: string;
  readonly kept: Kept;
};

/** Answers that hold for a whole chunk: asked for with each row, they would be most of the work. */
export type Kept = {
  readonly profiles: Map<string, ProfileFacts>;
  /** Account owners by Id. */
  readonly owners: Map<string, StoredRecord | undefined>;
  /** Active users by license, kept right by those who write users. */
  readonly activeUsers: Map<string, number>;
};

export function startChunk(org: OrgForDml, object: ObjectDefinition, runningUserId: string, lockOwner: string): Chunk {
  return {
    org,
    object,
    runningUserId,
    lockOwner,
    kept: { profiles: new Map(), owners: new Map(), activeUsers: new Map() },
  };
}

export function labelOf(object: ObjectDefinition, name: string): string {
  return object.fields.find((field) => field.name === name)?.label ?? name;
}
