// What every test starts from: a Probity that has been set up, and a page that tells on itself.
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { startProbity, type Probity } from './probity.js';
import { ADA, createKey, makeRole, makeRule, makeStream, saveSearch, setUp, startArchive, startExport, type Key } from './steps.js';

export { expect };

/** A set-up Probity: Ada owns one team, which has one key. */
export interface Home extends Probity {
  /** Path of the team's overview. */
  team: string;
  key: Key;
  /** Ada's id as a member. */
  person: string;
  /** The id of a role that the team made. */
  role: string;
  /** The ids of a keyword rule and of the affiliate program that it names. */
  rule: string;
  program: string;
  /** The id of an export of the audit log. */
  export: string;
  /** The id of an export of everything. */
  archive: string;
  /** The id of a search of the audit log that Ada keeps for herself. */
  search: string;
  /** The id of a paused stream of the audit log. */
  stream: string;
  /** Ada's browser after signing in. */
  cookies: Awaited<ReturnType<BrowserContext['storageState']>>;
}

interface Options {
  /** Who opens the page: `ada` is signed in. */
  visitor: 'anybody' | 'ada';
}

export const test = base.extend<Options, { home: Home }>({
  visitor: ['anybody', { option: true }],

  home: [
    async ({ browser }, use) => {
      const probity = await startProbity();
      const context = await browser.newContext();
      const page = await context.newPage();
      const team = await setUp(page, probity.setUpLink, ADA);
      const key = await createKey(page, probity.url + team, 'billing-sync');
      await page.goto(`${probity.url}${team}/members`);
      const link = page.getByRole('main').getByRole('link', { name: ADA.name });
      const person = (await link.getAttribute('href'))?.split('/').pop() ?? '';
      const role = await makeRole(page, probity.url + team, 'Support', ['keys.view']);
      const { rule, program } = await makeRule(page, probity.url + team);
      const exported = await startExport(page, probity.url + team);
      const archive = await startArchive(page, probity.url + team);
      const search = await saveSearch(page, probity.url + team, 'Keys', 'category:keys');
      const stream = await makeStream(page, probity.url + team);
      const cookies = await context.storageState();
      await context.close();
      const made = { team, key, person, role, rule, program, export: exported, archive, search, stream };
      await use({ ...probity, ...made, cookies });
      await probity.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  // An address of its own for each test, so that limits do not meet.
  extraHTTPHeaders: async ({}, use) => use({ 'x-forwarded-for': anAddress() }),

  baseURL: async ({ home }, use) => use(home.url),

  storageState: async ({ home, visitor }, use) =>
    use(visitor === 'ada' ? home.cookies : undefined),

  page: async ({ page }, use) => {
    const complaints = listen(page);
    await use(page);
    expect(complaints, 'what the browser complained about').toEqual([]);
  },
});

const IGNORED = [
  // Said of refused pages too, which tests ask for; of files, `response` says it better.
  'Failed to load resource',
  // Without JavaScript nothing uses what a page has ready for it.
  'was preloaded using link preload but not used',
];

/** Collects errors, warnings and files that were refused: policy violations are among them. */
export function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const counts = ['error', 'warning'].includes(message.type());
    if (counts && !IGNORED.some((words) => message.text().includes(words))) {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() < 400 || response.request().resourceType() === 'document') return;
    complaints.push(`${response.status()} ${response.url()}`);
  });
  return complaints;
}

/** One that is kept for documentation (RFC 3849). */
function anAddress(): string {
  const part = () => Math.floor(Math.random() * 0x10000).toString(16);
  return `2001:db8:${part()}:${part()}::1`;
}

/** No violation of WCAG 2.2, levels A and AA. */
export async function expectAccessible(page: Page): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const told = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html).join('\n  ')}`,
  );
  expect(told, 'what axe found').toEqual([]);
}

/** Nothing is wider than the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const tooWide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  expect(tooWide, 'pixels beyond the right edge').toBe(0);
}
