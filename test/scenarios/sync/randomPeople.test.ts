/**
 * Random worlds, definitions, faults and clocks: after a sync, each user has the access and the profile that the rules of
 * docs/sync.md give it, and nobody else has changed. The suite takes a few of them; SYNC_WORLDS=<number> takes as many.
 */
import { expect } from 'chai';
import { faultAnswers, type FaultAction } from '../../simulated-org/faults.ts';
import { createRandom, type Random } from '../../simulated-org/random.ts';
import { differences, stateOf } from '../changeLab.ts';
import { findingsOf, type DriveChanges, type Run } from '../runLab.ts';
import {
  deedsOf,
  expected,
  expectedOfNewcomer,
  expectedOfNextPlan,
  expectedOfPlan,
  reached,
  takenBack,
  type Later,
  type Newcomer,
  type Person,
  type Rules,
  type Standing,
} from './randomRules.ts';
import {
  definitionOf,
  expectOnlyTouched,
  groupOf,
  standingNow,
  withAccess,
  World,
  wrongNewcomers,
  wrongPeople,
} from './randomWorld.ts';
import { day, decisionsOf, SyncLab } from './syncLab.ts';

const worlds = Number(process.env['SYNC_WORLDS'] ?? 2);
const seeds = (first: number): number[] => Array.from({ length: worlds }, (_, n) => first + n);

/** Access, profile, and each that is held or not. */
function partsOf(standing: Standing): string[] {
  return standing.split(', ');
}

const faults: Readonly<Record<string, FaultAction>> = {
  dropBefore: { kind: 'dropBefore' },
  dropAfter: { kind: 'dropAfter' },
  unavailable: faultAnswers.unavailable(),
  limit: faultAnswers.dailyLimit(),
  shorten: { kind: 'shorten', share: 0.5 },
};

/** The clock of the org is that of this machine, or a year before or behind it. */
async function startAnywhen(random: Random): Promise<SyncLab> {
  const sync = await SyncLab.start({ world: { customerContacts: 2 } });
  sync.lab.org.clock.advance(random.pick([-365, 0, 365]) * day);
  return sync;
}

/** The limits that a plan for these people goes beyond. */
function limitsBeyond(
  sync: SyncLab,
  people: readonly Person[],
  newcomers: readonly Newcomer[],
  rules: Rules,
): Set<string> {
  const { limits } = rules;
  const { taken, ...deeds } = deedsOf(people, newcomers, rules);
  const ofDeed = { ...limits, deactivate: limits.takeAway, release: limits.takeAway };
  const access = withAccess(sync, rules);
  const isMany = (of: number, users: number): boolean => of / users > limits.takeAwayShare;
  const all = [...access.values()].reduce((sum, users) => sum + users, 0);
  const ofProfile = Map.groupBy(taken, ({ profile }) => profile);
  return new Set([
    ...Object.entries(deeds).flatMap(([does, count]) =>
      count > ofDeed[does as keyof typeof deeds] ? [`limit.${does}`] : [],
    ),
    ...(isMany(taken.length, all) ? ['limit.share'] : []),
    ...[...ofProfile].flatMap(([profile, of]) =>
      isMany(of.length, access.get(profile) ?? 0) ? ['limit.profileShare'] : [],
    ),
  ]);
}

/** Those of the limits that a run has found. */
function limitsOf({ folder }: Run): Set<string> {
  const found = findingsOf(folder).map((finding) => ('guard' in finding ? finding.guard : ''));
  return new Set(found.filter((guard) => guard.startsWith('limit.')));
}

describe('sync of random people', () => {
  let sync: SyncLab;
  afterEach(() => sync.stop());

  const standingsOf = (people: readonly Person[]): Map<string, Standing> =>
    new Map(people.map(({ userId }) => [userId, standingNow(sync, userId)]));

  const usersOf = (newcomers: readonly Newcomer[]): Array<Pick<Person, 'userId'>> =>
    newcomers.flatMap(({ contactId }) => sync.lab.usersOf(contactId).map(({ Id }) => ({ userId: Id })));

  for (const seed of seeds(17)) {
    it(`gives each what the rules give, as a dry run says, then finds nothing to do, and takes back what it took (seed ${String(seed)})`, async () => {
      const random = createRandom(seed);
      sync = await startAnywhen(random);
      const world = new World(sync, random);
      const rules = world.rules();
      const member = world.member();
      const people = Array.from({ length: 60 }, () => world.person());
      const newcomers = Array.from({ length: 4 }, () => world.newcomer());
      const definition = definitionOf(rules);
      const before = stateOf(sync.lab.org);
      const found = standingsOf(people);
      const expectTouched = (): void => expectOnlyTouched(sync, [...people, member, ...usersOf(newcomers)], before);
      const limited = { ...rules, limits: world.limits() };
      const beyond = limitsBeyond(sync, people, newcomers, limited);
      const planned = await sync.sync(definitionOf(limited), { dryRun: true });
      expect(limitsOf(planned)).to.deep.equal(beyond);
      if (beyond.size > 0) expect((await sync.sync(definitionOf(limited))).end.end).to.equal('guards');
      expect(differences(before, stateOf(sync.lab.org))).to.deep.equal([]);
      const isFailing = random.pick([true, false]);
      const refused = isFailing ? world.failSome(people, newcomers) : { people, newcomers, end: () => undefined };
      const run = await sync.sync(definition);
      if (!isFailing) expect([...decisionsOf(run).values()]).to.deep.equal([...decisionsOf(planned).values()]);
      expect(wrongPeople(sync, refused.people, (person, is) => is === reached(person, rules).standing)).to.deep.equal(
        [],
      );
      expect(wrongNewcomers(sync, refused.newcomers, rules, expectedOfNewcomer)).to.deep.equal([]);
      const failed = [
        ...refused.people.filter((person) => reached(person, rules).hasFailed),
        ...refused.newcomers.filter(
          ({ fails, ...newcomer }) =>
            fails !== undefined && expectedOfNewcomer({ ...newcomer, fails: undefined }, rules).length > 0,
        ),
      ];
      expect(run.result.counts).to.include({ failed: failed.length, unknown: 0, pending: 0 });
      expectTouched();
      refused.end();
      if (!isFailing || random.pick([true, false])) {
        // What was refused is done by the next run.
        if (isFailing) await sync.sync(definition);
        expect(wrongPeople(sync, people, (person, is) => is === expected(person, rules))).to.deep.equal([]);
        // Users of an inactive group only have to exist: what they were refused is not given later.
        const reachedByNow = refused.newcomers.map(({ fails, ...newcomer }) => {
          const isLeft = fails === 'give' && rules.inactive.some((group) => group === newcomer.group);
          return { ...newcomer, fails: isLeft ? fails : undefined };
        });
        expect(wrongNewcomers(sync, reachedByNow, rules, expectedOfNewcomer)).to.deep.equal([]);
        expect((await sync.sync(definition)).result.counts.planned).to.equal(0);
        expectTouched();
        if (isFailing) return;
      }
      const synced = standingsOf(people);
      const back = await sync.lab.change({ operation: 'enable', fromRun: run.folder, maxUsers: 1000 });
      expect(back.result.counts).to.include({ failed: 0, unknown: 0, pending: 0, refused: 0, unchanged: 0 });
      expect(back.result.counts.selected).to.equal(run.result.sync?.taken);
      const wrong = wrongPeople(sync, people, ({ userId }, is) => {
        return is === takenBack(found.get(userId) ?? '', synced.get(userId) ?? '');
      });
      expect(wrong).to.deep.equal([]);
      expectTouched();
    });
  }

  for (const seed of seeds(47)) {
    it(`does so through faults of the calls (seed ${String(seed)})`, async () => {
      const random = createRandom(seed);
      sync = await startAnywhen(random);
      const { lab } = sync;
      const world = new World(sync, random);
      const rules = world.rules();
      const people = Array.from({ length: 30 }, () => world.person());
      const newcomers = Array.from({ length: 2 }, () => world.newcomer());
      world.member();
      const definitionFile = sync.definitionFile(definitionOf(rules));
      const before = stateOf(lab.org);
      const struck = Array.from({ length: 3 }, () => {
        const [name, fault] = random.pick(Object.entries(faults));
        const nth = 1 + random.below(40);
        lab.org.faults.add({ nth }, fault);
        return `${name} at ${String(nth)}`;
      });
      const again = (): Promise<Run | undefined> =>
        lab.sync({ definitionFile }, { clock: lab.patientClock() }).catch(() => undefined);
      // A plan that can't be made has written nothing.
      let run = (await again()) ?? (await again()) ?? (await again()) ?? (await again());
      for (let resumes = 0; run !== undefined && run.result.counts.pending > 0 && resumes < 5; resumes++)
        run = await lab.resume(run.folder, { clock: lab.patientClock() }).catch(() => run);
      expect(run?.result.counts, struck.join(', ')).to.include({ failed: 0, pending: 0 });
      const wrong = wrongPeople(sync, people, (person, is) => is === expected(person, rules));
      expect(wrong, struck.join(', ')).to.deep.equal([]);
      expect(wrongNewcomers(sync, newcomers, rules, expectedOfNewcomer), struck.join(', ')).to.deep.equal([]);
      expectOnlyTouched(sync, [...people, ...usersOf(newcomers)], before);
    });
  }

  for (const seed of seeds(73)) {
    it(`does no more than the rules give by then to people who have changed since the plan (seed ${String(seed)})`, async () => {
      const random = createRandom(seed);
      sync = await startAnywhen(random);
      const world = new World(sync, random);
      const rules = world.rules();
      world.member();
      const people = Array.from({ length: 40 }, () => world.person());
      const newcomers = Array.from({ length: 16 }, () => world.newcomer());
      const definition = definitionOf(rules);
      const planned = await sync.sync(definition, { dryRun: true });
      const before = stateOf(sync.lab.org);
      const changed = people.map((person) => (random.pick([true, false]) ? world.change(person) : person));
      const found = standingsOf(people);
      // Before everybody is looked at again, or after it, right before the first call: by then, a user that somebody else has
      // made gets the permission sets of the plan, also in an inactive group.
      const isLate = random.pick([true, false]);
      let later: Later[] = [];
      const changeNewcomers = (): void => {
        later = newcomers.map((newcomer) =>
          random.pick([true, false])
            ? world.changeNewcomer(newcomer, isLate ? rules.inactive : [])
            : { planned: newcomer, now: newcomer, user: undefined },
        );
      };
      if (!isLate) changeNewcomers();
      const onEvent: DriveChanges['onEvent'] = (event) => {
        if (isLate && later.length === 0 && event.type === 'stage' && event.stage === 'apply') changeNewcomers();
      };
      await sync.lab.resume(planned.folder, { onEvent });
      const wrong = wrongPeople(sync, changed, (person, is) => {
        const wanted = expected(person, rules);
        const was = found.get(person.userId) ?? '';
        // Of those who have changed, what both plans want is done: access, profile, or both.
        const isPart = partsOf(is).every((part) => [...partsOf(wanted), ...partsOf(was)].includes(part));
        return is === wanted || (!people.includes(person) && isPart);
      });
      expect(wrong).to.deep.equal([]);
      expect(wrongNewcomers(sync, later, rules, expectedOfPlan)).to.deep.equal([]);
      const next = await sync.sync(definition);
      expect(next.result.counts).to.include({ failed: 0, unknown: 0, pending: 0 });
      expect(wrongPeople(sync, changed, (person, is) => is === expected(person, rules))).to.deep.equal([]);
      expect(wrongNewcomers(sync, later, rules, expectedOfNextPlan)).to.deep.equal([]);
      expect((await sync.sync(definition)).result.counts.planned).to.equal(0);
      expectOnlyTouched(sync, [...people, ...usersOf(newcomers)], before);
    });
  }

  for (const seed of seeds(103)) {
    it(`locks nobody out again and again by two files in turn for ten nights (seed ${String(seed)})`, async () => {
      const random = createRandom(seed);
      sync = await startAnywhen(random);
      const world = new World(sync, random);
      const rules = world.rules();
      const people = Array.from({ length: 20 }, () => world.person());
      const member = world.member();
      const shared = { ...definitionOf({ ...rules, action: 'freeze', returners: 'activate' }) };
      // Each file has one of the groups, and takes the other's people for leavers.
      const files = (['A', 'B'] as const).map((title) =>
        sync.definitionFile({
          ...shared,
          groups: [groupOf(title)],
          governs: "Profile.Name LIKE 'Acme Customer%'",
          formerProfiles: title === 'A' ? ['Acme Customer Login'] : ['Acme Customer Portal'],
        }),
      );
      const accesses = new Map(people.map(({ userId }) => [userId, [sync.access(userId)]]));
      const before = stateOf(sync.lab.org);
      for (let night = 0; night < 10; night++) {
        for (const definitionFile of files) {
          await sync.lab.sync({ definitionFile });
          for (const [userId, seen] of accesses)
            if (sync.access(userId) !== seen.at(-1)) seen.push(sync.access(userId));
        }
        sync.lab.org.clock.advance(day);
      }
      // Frozen and let in once in a week, and frozen and let in once more after it.
      const swinging = [...accesses].filter(([, seen]) => seen.length > 5);
      expect(swinging).to.deep.equal([]);
      expectOnlyTouched(sync, [...people, member], before);
    });
  }
});
