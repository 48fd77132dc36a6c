/** How large a large world is, and how its contacts are spread over accounts. */
import { mainProfile } from './mainSegment.ts';

/** Contacts an account: all alike, a few large and many small ones, or so many in one account and the others alike. */
export type AccountSizes = 'uniform' | 'zipf' | { readonly oneWith: number };

export type LargeWorldOptions = {
  /** Contacts of the main segment, each with an account and an e-mail address of its own. */
  readonly contacts: number;
  /** 3 for 10 contacts when left out. */
  readonly accounts?: number;
  /** Portal users from before, 4 for 10 contacts when left out. They hang on further contacts outside the main segment. */
  readonly users?: number;
  /** So many of these users hang on contacts of the main segment instead; none when left out. */
  readonly usersInSegment?: number;
  /** Profile of the users from before; the main profile when left out. */
  readonly userProfile?: string;
  /** `uniform` when left out. */
  readonly accountSizes?: AccountSizes;
  /** How many there are of each active license for portals; enough for everybody when left out. */
  readonly seats?: number;
};

export type LargeWorld = Required<LargeWorldOptions>;

export function largeWorldOf(options: LargeWorldOptions): LargeWorld {
  const { contacts } = options;
  const users = options.users ?? Math.floor(contacts * 0.4);
  const world: LargeWorld = {
    contacts,
    accounts: options.accounts ?? Math.max(1, Math.floor(contacts * 0.3)),
    users,
    usersInSegment: options.usersInSegment ?? 0,
    userProfile: options.userProfile ?? mainProfile,
    accountSizes: options.accountSizes ?? 'uniform',
    seats: options.seats ?? contacts + users + 1000,
  };
  if (world.usersInSegment > Math.min(contacts, users)) throw new Error('usersInSegment: more than contacts or users');
  return world;
}
