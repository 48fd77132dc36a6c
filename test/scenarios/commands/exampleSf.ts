/** Stands for `sf` in the examples: hands its call to the process of the test, and ends as that says. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ExampleAnswer, ExampleCall } from './exampleShell.ts';

const args = process.argv.slice(2);
const call: ExampleCall = {
  args,
  cwd: process.cwd(),
  env: Object.fromEntries(Object.entries(process.env).flatMap(([name, value = '']) => [[name, value]])),
  // As for sf itself: a command that does not ask for stdin leaves it to the rest of the script.
  stdin: args.includes('-') ? await text(process.stdin) : '',
};
const socket = connect(process.env['EXAMPLE_SOCKET'] ?? '');
await once(socket, 'connect');
socket.end(JSON.stringify(call));
const answer = JSON.parse(await text(socket)) as ExampleAnswer;
process.stdout.write(answer.stdout);
process.stderr.write(answer.stderr);
process.exitCode = answer.code;
