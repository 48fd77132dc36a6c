/** What every JSON document of a command has to be, whatever it tells. */
import { expect } from 'chai';
import { expectSound, type RunResult } from './portalOrg.ts';
import { envelopeOf, type Envelope, type SfAnswer } from './sfCall.ts';

/** A way that a call with --json can go. */
export type JsonPath = {
  readonly what: string;
  readonly args: readonly string[];
  readonly code: number;
  /** The name of the error; undefined: the document is that of a command that ended as it should. */
  readonly error?: RegExp;
  /** `run`: counts, runDir and files are in the JSON. */
  readonly result?: 'run' | 'check';
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
};

/** All of stdout is one document, nothing is on stderr, and the document tells of the end and of the run. */
export function judge({ what, code, error, result }: JsonPath, answer: SfAnswer): Envelope {
  const envelope = envelopeOf(answer);
  expect(answer.code, `${what}: ${answer.stdout}`).to.equal(code);
  expect(answer.stderr, what).to.equal('');
  if (error === undefined) expect(envelope, what).not.to.have.property('name');
  else expect(envelope.name, what).to.match(error);
  if (result === 'run') judgeResult(what, envelope.result as RunResult);
  else if (result === 'check') expect(envelope.result, what).to.have.property('ok', code === 0);
  else expect(envelope.result, what).to.equal(undefined);
  return envelope;
}

function judgeResult(what: string, result: RunResult): void {
  expectSound(result);
  expect(result.runDir, what).to.be.a('string').and.not.to.equal('');
  expect(Object.keys(result.files), what).to.include.members(['users', 'unchanged', 'refused', 'summary']);
  if (result.counts.succeeded + result.counts.failed > 0)
    expect(Object.keys(result.files), what).to.include.members(['succeeded', 'failed']);
}
