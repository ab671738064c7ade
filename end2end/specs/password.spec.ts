// Choosing a password: what will not do is said, and the meter tells before it is sent.
import { expect, expectAccessible, test } from '../fixtures.js';

test('a common password, own words and a pattern are refused, each with its reason', async (
  { page },
) => {
  const refused: [string, RegExp][] = [
    ['passwordpassword', /^This is among the passwords that are tried first/],
    ['Bo Persson bo 1990', /^Your own name, address or team/],
    ['qwertyuiopasdfgh', /^Guessable in hours/],
  ];
  for (const [password, sentence] of refused) {
    await page.goto('/sign-up');
    await page.getByLabel('Your name').fill('Bo Persson');
    await page.getByLabel('Email').fill('bo@example.com');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByLabel('Password')).toHaveAccessibleDescription(sentence);
    await expect(page.getByLabel('Password')).toHaveValue('');
  }
});

test('the meter says how strong a password is, and nothing once it is gone', async (
  { page, javaScriptEnabled },
) => {
  test.skip(!javaScriptEnabled, 'the meter is an island; without it the form says the same');
  await page.goto('/sign-up');
  const meter = page.locator('.strength');
  await expect(meter).toHaveText('');
  await page.getByLabel('Your name').fill('Bo Persson');
  const says: [string, string, number][] = [
    ['password', 'Common; 7 more characters needed', 0],
    ['Persson Bo 123456', 'Common', 0],
    ['qwertyuiopasdfgh', 'Guessable in hours', 1],
    ['four quiet green lamps', 'Good', 4],
  ];
  for (const [password, words, steps] of says) {
    await page.getByLabel('Password').fill(password);
    await expect(meter).toHaveText(words);
    await expect(meter.locator('.met')).toHaveCount(steps);
  }
  await expectAccessible(page);
  await page.getByLabel('Password').fill('');
  await expect(meter).toHaveText('');
});

test('a meter that cannot ask says nothing, and the form works', async (
  { page, javaScriptEnabled },
) => {
  test.skip(!javaScriptEnabled, 'the meter is an island');
  const asked = page.waitForRequest('**/do/password/strength');
  // Over the limit: an answer that the meter cannot use.
  await page.route('**/do/password/strength', (route) => route.fulfill({ body: 'later' }));
  await page.goto('/sign-up');
  await expect(page.locator('html')).toBeVisible();
  await page.getByLabel('Password').pressSequentially('12345');
  await asked;
  await expect(page.locator('.strength')).toHaveText('');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription(/^Use at least 15/);
});

test('signing in loads no script, choosing a password does', async ({ page }) => {
  const program = /\/pkg\/[\w.-]+\.(js|wasm)/;
  await page.goto('/sign-in');
  expect(await page.content()).not.toMatch(program);
  await page.goto('/sign-up');
  expect(await page.content()).toMatch(program);
});
