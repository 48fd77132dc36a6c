/** A real browser for the tests of pages: one that comes as an npm package, or one that is on the machine. */
import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { launch, type Browser } from 'puppeteer-core';

/** Where Debian and its kin, macOS and Windows keep Chromium or Chrome. */
const known = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
];

type Found = { readonly executablePath: string; readonly args: readonly string[] };

/** The package holds a browser for Linux on x64 alone, built for arguments of its own. @returns undefined where there is none */
async function findBrowser(): Promise<Found | undefined> {
  const onMachine = process.env['CHROME_PATH'] ?? known.find((path) => existsSync(path));
  if (onMachine !== undefined) return { executablePath: onMachine, args: [] };
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  // Pages like ours need no 3D, whose graphics card the processor would have to play.
  chromium.setGraphicsMode = false;
  return { executablePath: await chromium.executablePath(), args: chromium.args };
}

/** @param downloadPath a folder for what pages save @returns undefined where there is no browser, which is an error in CI */
export async function openBrowser(downloadPath: string): Promise<Browser | undefined> {
  const found = await findBrowser();
  if (found === undefined) {
    const text = 'no browser to test report.html with: install Chrome, or set CHROME_PATH';
    if (process.env['CI'] !== undefined) throw new Error(text);
    process.stderr.write(`${text}\n`);
    return undefined;
  }
  return launch({
    executablePath: found.executablePath,
    args: [...found.args, '--no-sandbox'],
    headless: 'shell',
    downloadBehavior: { policy: 'allow', downloadPath },
  });
}
