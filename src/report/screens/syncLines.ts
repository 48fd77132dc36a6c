/** What a sync does, by group and by profile. */
import path from 'node:path';
import { leaverDeeds, memberDeeds, type SyncDeed, type SyncSummary } from '../../model/definition/syncFacts.js';
import { sharedText } from '../texts.js';
import { columnsOf, namesText, twoEnds } from './layout.js';
import { caution, good, quiet, strong } from './paint.js';
import { roomOf, type RunView } from './runView.js';

/** A group or a profile, with what happens to its people. */
type ChangePlace = {
  readonly name: string;
  readonly text: string;
  readonly mark: string;
  readonly counts: Readonly<Partial<Record<SyncDeed, number>>>;
  readonly deeds: readonly SyncDeed[];
  /** Of whom nothing but their number is told. */
  readonly reported?: string | undefined;
};

/** The groups with what they bring; then every profile that is governed, with whom it costs access. */
export function syncLines(view: RunView, { groups, profiles }: SyncSummary): string[] {
  const places: readonly ChangePlace[] = [
    ...groups.map(({ name, contacts, ...counts }): ChangePlace => {
      return { name, text: sharedText('sync.group', name, contacts), mark: good('+'), counts, deeds: memberDeeds };
    }),
    ...profiles.map(({ profile, users, withAccess, unexplained, ...counts }): ChangePlace => {
      const text = sharedText('sync.profile', profile, users, withAccess);
      const reported = reportedText(unexplained, counts.takeAway);
      return { name: profile, text, mark: caution('-'), counts, deeds: leaverDeeds, reported };
    }),
  ];
  return places.flatMap((place) => changePlaceLines(view, place));
}

/** Users with access whose contact is in no group, without those whom the plan freezes. */
function reportedText(unexplained: number, takeAway: number): string | undefined {
  if (unexplained <= takeAway) return undefined;
  return sharedText(takeAway === 0 ? 'sync.unexplained' : 'sync.alsoUnexplained', unexplained - takeAway);
}

/** What happens stands below its group or profile, and whom it happens to behind it: people agree to this. */
function changePlaceLines(view: RunView, { name, text, mark, counts, deeds, reported }: ChangePlace): string[] {
  const { users, unchanged } = view.result.files;
  const room = roomOf(view);
  const changes = deeds.flatMap((does) => {
    const count = counts[does] ?? 0;
    return count === 0 ? [] : [{ does, count, words: sharedText(`sync.${does}`, count) }];
  });
  const isIdle = changes.length === 0;
  if (isIdle && reported === undefined) return idleLines(text, room);
  const head = `  ${isIdle ? quiet('=') : mark} ${text}`;
  const lines = changes.flatMap(({ does, count, words }, line) => {
    // Behind the first of what happens, as the name of a profile may leave no room.
    const [left, right] = [`      ${strong(words)}`, line === 0 ? path.basename(users) : ''];
    const names = namesOf(view, { does, name, count }, room - columnsOf(left) - 3 - right.length - 2);
    return twoEnds(names === '' ? left : `${left}   ${names}`, right, room);
  });
  const others = reported === undefined ? [] : twoEnds(`      ${strong(reported)}`, path.basename(unchanged), room);
  return [head, ...lines, ...others];
}

/** Where there is no room behind it, what happens stands below, as always where anything does. */
function idleLines(text: string, room: number): string[] {
  const [left, words] = [`  ${quiet('=')} ${text}`, quiet(sharedText('sync.nothing'))];
  const line = `${left}   ${words}`;
  return columnsOf(line) <= room ? [line] : [left, `      ${words}`];
}

/** A few of those concerned, on a terminal only. */
function namesOf(
  { detail, screen }: RunView,
  { does, name, count }: { does: SyncDeed; name: string; count: number },
  room: number,
): string {
  if (screen.columns === undefined) return '';
  const people = detail.sync.filter((each) => each.does === does && each.place === name).map(({ person }) => person);
  return namesText(people, count, room);
}
