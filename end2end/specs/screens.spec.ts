// Every row of SCREENS: it opens, says what it is, is accessible in both themes, fits a phone.
import { expect, expectAccessible, expectNoSidewaysScroll, test, type Home } from '../fixtures.js';
import { screens, type Screen } from '../probity.js';

/** The row's path with something real at each colon. */
function address(screen: Screen, home: Home): string {
  const values: Record<string, string> = {
    team: home.team.replace('/t/', ''),
    key: home.key.id,
    seq: '1',
    token: 'a-token-that-was-never-given',
  };
  return screen.path.replace(/:(\w+)/g, (_, name) => values[name]);
}

for (const screen of screens()) {
  test.describe(`${screen.name} (${screen.path})`, () => {
    test.use({ visitor: screen.place === 'public' ? 'anybody' : 'ada' });

    test('opens and says what it is', async ({ page, home }) => {
      const response = await page.goto(address(screen, home));
      expect(response?.status()).toBe(200);
      expect(response?.headers()['cache-control']).toBe('no-store');
      await expect(page.locator('h1')).toHaveCount(1);
      await expect(page.locator('h1')).toBeVisible();
      await expect(page.getByRole('main')).toBeVisible();
      await expect(page).toHaveTitle(/ · Probity$/);
    });

    for (const colorScheme of ['light', 'dark'] as const) {
      test(`is accessible in the ${colorScheme} theme`, async (
        { page, home, javaScriptEnabled },
      ) => {
        test.skip(!javaScriptEnabled, 'axe itself needs JavaScript');
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.goto(address(screen, home));
        await expectAccessible(page);
      });
    }

    test('fits a phone', async ({ page, home }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(address(screen, home));
      await expectNoSidewaysScroll(page);
      await page.setViewportSize({ width: 320, height: 700 });
      await expectNoSidewaysScroll(page);
    });
  });
}
