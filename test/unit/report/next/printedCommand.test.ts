/** Printed commands can be pasted into the shell of the system that they were printed on. */
import { expect } from 'chai';
import { inOrg, printedCommand, quoteArgument } from '../../../../lib/report/next/printedCommand.js';

describe('quoteArgument', () => {
  const rows: ReadonlyArray<readonly [value: string, posix: string, windows: string]> = [
    [
      'portal-users/2026-11-22T15-30-12Z-create',
      'portal-users/2026-11-22T15-30-12Z-create',
      'portal-users/2026-11-22T15-30-12Z-create',
    ],
    ["Account.Type = 'Customer'", `"Account.Type = 'Customer'"`, `"Account.Type = 'Customer'"`],
    ['{Email}.portal', '"{Email}.portal"', '"{Email}.portal"'],
    [
      String.raw`C:\Users\Ann Other\run 1`,
      String.raw`'C:\Users\Ann Other\run 1'`,
      String.raw`"C:\Users\Ann Other\run 1"`,
    ],
    // A backslash before a quotation mark is none of its own (CommandLineToArgvW).
    ['D:\\my runs\\', "'D:\\my runs\\'", '"D:\\my runs\\\\"'],
    ['say "no"', `'say "no"'`, String.raw`"say \"no\""`],
    [String.raw`a\"b`, String.raw`'a\"b'`, String.raw`"a\\\"b"`],
    // A script of PowerShell, such as npm's for sf, would get two arguments, and the value of a variable.
    ['Portal_Docs,Portal_Files', 'Portal_Docs,Portal_Files', '"Portal_Docs,Portal_Files"'],
    ['@acme', '@acme', '"@acme"'],
    ["it's $HOME", String.raw`'it'\''s $HOME'`, `"it's $HOME"`],
  ];
  for (const [value, posix, windows] of rows) {
    it(`writes ${value} for each system`, () => {
      expect(quoteArgument(value, 'linux')).to.equal(posix);
      expect(quoteArgument(value, 'win32')).to.equal(windows);
    });
  }

  it('says the org last', () => {
    expect(printedCommand('resume', ['--run-dir runs/1'], 'acme')).to.equal(
      'sf portal users resume --run-dir runs/1 --target-org acme',
    );
  });

  it('names the org in commands that were written for any, and leaves values alone that look like one', () => {
    expect(inOrg(`sf portal users list --where "Name = '<org>'" --target-org <org>`, 'my org')).to.equal(
      `sf portal users list --where "Name = '<org>'" --target-org "my org"`,
    );
  });
});
