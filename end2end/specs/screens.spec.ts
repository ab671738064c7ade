// Every row of SCREENS: it opens, says what it is, is accessible in both themes, fits a phone.
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  test as base,
  type Home,
} from '../fixtures.js';
import { prepare, type Prepared } from '../prepared.js';
import { screens, type Screen } from '../probity.js';

const test = base.extend<{ row: Screen }, { prepared: Prepared }>({
  row: [screens()[0], { option: true }],

  prepared: [
    async ({ browser, home }, use) => use(await prepare(browser, home)),
    { scope: 'worker', timeout: 60_000 },
  ],

  storageState: async ({ row, home, prepared }, use) => {
    const { halfWay, nils } = prepared;
    const special = { code: halfWay, recovery: halfWay, passkey: nils, 'two-step': nils };
    const usual = row.place === 'public' ? undefined : home.cookies;
    await use(new Map(Object.entries(special)).get(row.name) ?? usual);
  },
});

/** The row's path with something real at each colon. */
function address(screen: Screen, home: Home, { tokens, passkey }: Prepared): string {
  const values: Record<string, string> = {
    role: home.role,
    rule: home.rule,
    program: home.program,
    export: home.export,
    archive: home.archive,
    search: home.search,
    stream: home.stream,
    team: home.team.replace('/t/', ''),
    key: home.key.id,
    seq: '1',
    token: tokens[screen.name] ?? 'a-token-that-was-never-given',
    endpoint: 'createKey',
    passkey,
    person: home.person,
  };
  return screen.path.replace(/:(\w+)/g, (_, name) => values[name]);
}

for (const screen of screens()) {
  test.describe(`${screen.name} (${screen.path})`, () => {
    test.use({ row: screen });

    test('opens and says what it is', async ({ page, home, prepared }) => {
      const response = await page.goto(address(screen, home, prepared));
      expect(response?.status()).toBe(200);
      if (screen.name !== 'home') {
        expect(new URL(page.url()).pathname).toBe(address(screen, home, prepared));
      }
      expect(response?.headers()['cache-control']).toBe('no-store');
      await expect(page.locator('h1')).toHaveCount(1);
      await expect(page.locator('h1')).toBeVisible();
      await expect(page.getByRole('main')).toBeVisible();
      await expect(page).toHaveTitle(/ · Probity$/);
    });

    for (const colorScheme of ['light', 'dark'] as const) {
      test(`is accessible in the ${colorScheme} theme`, async (
        { page, home, prepared, javaScriptEnabled },
      ) => {
        test.skip(!javaScriptEnabled, 'axe itself needs JavaScript');
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.goto(address(screen, home, prepared));
        await expectAccessible(page);
      });
    }

    test('fits a phone', async ({ page, home, prepared }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(address(screen, home, prepared));
      await expectNoSidewaysScroll(page);
      await page.setViewportSize({ width: 320, height: 700 });
      await expectNoSidewaysScroll(page);
    });
  });
}
