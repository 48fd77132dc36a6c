/** What a sync does, by group and by profile. */
import path from 'node:path';
import type { SyncSummary } from '../../model/definition/syncFacts.js';
import { sharedText } from '../texts.js';
import { namesText, twoEnds } from './layout.js';
import { caution, good, quiet, strong } from './paint.js';
import { roomOf, type RunView } from './runView.js';

/** What happens to people, each as `3 to create`; nothing that happens to nobody. */
function changeWords(counts: Readonly<Record<string, number>>, kinds: readonly string[]): string[] {
  return kinds.filter((kind) => (counts[kind] ?? 0) > 0).map((kind) => sharedText(`sync.${kind}`, counts[kind] ?? 0));
}

const groupKinds = ['create', 'activate', 'change', 'assign'] as const;
const profileKinds = ['takeAway', 'deactivate', 'release'] as const;

/** The groups with what they bring; then every profile that is governed, with whom it costs access. */
export function syncLines(view: RunView, { groups, profiles }: SyncSummary): string[] {
  const { users, unchanged } = view.result.files;
  const room = roomOf(view);
  const line = (text: string, changes: readonly string[], mark: string, reported: readonly string[] = []): string[] => {
    const isIdle = changes.length === 0;
    const all = [...changes, ...reported];
    const words = all.length === 0 ? quiet(sharedText('sync.nothing')) : strong(all.join(', '));
    const file = isIdle ? unchanged : users;
    return twoEnds(
      `  ${isIdle ? quiet('=') : mark} ${text}   ${words}`,
      all.length === 0 ? '' : path.basename(file),
      room,
    );
  };
  return [
    ...groups.flatMap((group) =>
      line(
        sharedText('sync.group', group.name, group.contacts),
        changeWords({ ...group, name: 0 }, groupKinds),
        good('+'),
      ),
    ),
    ...profiles.flatMap((profile) => {
      const text = sharedText('sync.profile', profile.profile, profile.users, profile.withAccess);
      const unexplained = profile.unexplained === 0 ? [] : [sharedText('sync.unexplained', profile.unexplained)];
      return line(text, changeWords({ ...profile, profile: 0 }, profileKinds), caution('-'), unexplained);
    }),
    ...peopleLines(view),
  ];
}

/** A few of those concerned, on a terminal only. */
function peopleLines({ result, detail: { people }, screen, isHeld = false }: RunView): string[] {
  if (screen.columns === undefined || isHeld) return [];
  return (['create', 'assign', 'change'] as const).flatMap((action) => {
    const names = namesText(people[action], result.actions[action], (screen.columns ?? 80) - 8);
    return names === '' ? [] : [`        ${names}`];
  });
}
