/** For all tests: what they load finds no terminal and no colors, wherever the suite is run from. */
process.env['NO_COLOR'] = '1';
delete process.env['FORCE_COLOR'];
for (const output of [process.stdout, process.stderr]) output.isTTY = false;
