/** The folders of src/, from the lowest: a file imports from its own folder and from lower ones, types too. */
export const layers = [
  'model',
  'org',
  'store',
  'engine',
  'kinds',
  'files',
  'preflight',
  'selection',
  'list',
  'operations',
  'run',
  'report',
  'cli',
  'commands',
  'hooks',
];
