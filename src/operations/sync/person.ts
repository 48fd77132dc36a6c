/** What sync knows of a person when it decides: a contact of a group, a user, or both. */
import type { HeldAssignment } from '../../model/access/assignments.js';
import type { QueryRow } from '../../org/query.js';
import type { AccountId, ContactId, PermissionSetId, ProfileId, UserId, UserLoginId } from '../../model/ids.js';

/** A user that has a contact, or that the definition governs. */
export type SyncedUser = {
  readonly id: UserId;
  readonly username: string;
  readonly name: string | undefined;
  readonly contactId: ContactId | undefined;
  readonly accountId: AccountId | undefined;
  readonly accountName: string | undefined;
  readonly profileId: ProfileId;
  readonly userType: string | null;
  readonly isActive: boolean;
  /** `syncUser` has changed the user, and nobody has since: not the login, which is another record. */
  readonly isLastChangedBySync: boolean;
  /** The definition's `governs` selects it. Users who are protected or internal, and the running user, are not governed either. */
  readonly isGoverned: boolean;
  /** A condition of `protect` that it meets. */
  readonly protectedBy: string | undefined;
  /** Undefined where the org does not show it. */
  readonly login: SyncedLogin | undefined;
  /** When `syncUser` made it, by the org's clock. */
  readonly madeBySync: number | undefined;
  /** By Id: the permission sets and groups that it holds, of those that the definition names. */
  readonly namedSets: ReadonlyMap<PermissionSetId, HeldAssignment>;
};

type SyncedLogin = {
  /** Of the UserLogin. */
  readonly id: UserLoginId;
  readonly isFrozen: boolean;
  /** When `syncUser` changed it, if nobody has since: of a frozen user this is sync's mark. Milliseconds, the org's clock. */
  readonly changedBySync: number | undefined;
};

/** A contact that a group selects. */
export type Member = {
  /** Place of the group in the definition. */
  readonly group: number;
  readonly contact: QueryRow;
  readonly user: SyncedUser | undefined;
};

/** A governed user whose contact no group selects. */
export type Stranger = {
  readonly user: SyncedUser;
  /** The running user sees the contact. */
  readonly isContactVisible: boolean;
  /** A contact of a group has the same email address. */
  readonly hasMembersEmail: boolean;
  /** What it keeps when it is deactivated; read only where that is to be taken away, too. */
  readonly held: readonly HeldAssignment[];
};
