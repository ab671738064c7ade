// Two-step sign-in: an app's codes, recovery codes, a remembered browser, and step-up.
import { expect, expectAccessible, test } from '../fixtures.js';
import { CODE, letterTo, readCodes, setUpApp, signIn, signOut, signUp, somebody } from '../steps.js';
import { code, nextStep } from '../totp.js';

test('an app is set up, asked for, and a code works once', async ({ page, home }) => {
  test.setTimeout(120_000); // a code is good once in 30 s
  const mia = somebody('Mia Two');
  const team = await signUp(page, home, mia);
  const { secret, spent, codes } = await setUpApp(page, home.url);
  await letterTo(home, mia.email, 'authenticator app');

  await signOut(page);
  await signIn(page, mia);
  await expect(page).toHaveURL(/\/sign-in\/code/);
  await page.goto(team);
  await expect(page.getByRole('heading', { level: 1 }), 'half-way is nowhere').toHaveText('Sign in');
  await page.goto('/sign-in/code');
  await page.getByLabel(CODE).fill(spent);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel(CODE), 'it was spent when the app was set up')
    .toHaveAccessibleDescription(/4 tries are left\./);

  await page.getByRole('link', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(codes[0].toLowerCase());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(team);
  await letterTo(home, mia.email, 'recovery code');

  await signOut(page);
  await nextStep();
  await signIn(page, mia);
  await page.getByLabel(CODE).fill(code(secret));
  await page.getByLabel('Remember this browser for 30 days').check();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(team);

  await signOut(page);
  await signIn(page, mia);
  await expect(page, 'this browser stands for the second factor').toHaveURL(team);

  const browser = page.context().browser();
  const other = await browser?.newPage({ baseURL: home.url });
  if (!other) throw new Error('no browser');
  await other.goto('/sign-in');
  await signIn(other, mia);
  await other.getByRole('link', { name: 'Use a recovery code' }).click();
  await other.getByLabel('Recovery code').fill(codes[0]);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await expect(other.getByLabel('Recovery code'), 'each works once')
    .toHaveAccessibleDescription(/^This was not right, or was used before\./);
  await other.close();
});

test('what goes cannot vouch for its own going, and the form comes back filled', async (
  { page, home, javaScriptEnabled },
) => {
  test.setTimeout(120_000);
  const nils = somebody('Nils Step');
  const team = await signUp(page, home, nils);
  const { secret, codes } = await setUpApp(page, home.url);
  await signOut(page);
  await nextStep();
  await signIn(page, nils);
  await page.getByLabel(CODE).fill(code(secret));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(team);

  await page.goto('/account/security');
  await page.getByRole('button', { name: 'Remove the app' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm that it is you');
  if (javaScriptEnabled) await expectAccessible(page);
  await page.getByLabel('Password').fill(nils.password);
  await page.getByLabel('Recovery code').fill('0000-0000-0000-0000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByLabel('Recovery code')).toHaveAccessibleDescription(/not right/);
  await page.getByLabel('Password').fill(nils.password);
  await page.getByLabel('Recovery code').fill(codes[3]);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('Confirmed for 10 minutes.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove the app' }).click();
  await expect(page.getByText('The authenticator app was removed.')).toBeVisible();
  await letterTo(home, nils.email, 'removed');
});

test('new recovery codes end the old ones', async ({ page, home }) => {
  const ola = somebody('Ola Codes');
  const team = await signUp(page, home, ola);
  const { codes } = await setUpApp(page, home.url);
  await page.goto('/account/security');
  await expect(page.getByText('10 of 10 left')).toBeVisible();
  await page.getByRole('button', { name: 'Make new codes' }).click();
  const fresh = await readCodes(page);
  expect(fresh).not.toContain(codes[0]);
  page.once('dialog', (dialog) => dialog.accept()); // "leave without storing them?"
  await page.goto(team);
  await signOut(page);
  await signIn(page, ola);
  await page.getByRole('link', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(codes[0]);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('Recovery code')).toHaveAccessibleDescription(/4 tries are left/);
  await page.getByLabel('Recovery code').fill(fresh[9]);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(team);
});

test('five wrong codes end the second step', async ({ page, home }) => {
  const una = somebody('Una Five');
  await signUp(page, home, una);
  await setUpApp(page, home.url);
  page.once('dialog', (dialog) => dialog.accept());
  await page.goto('/teams/new');
  await signOut(page);
  await signIn(page, una);
  for (let n = 0; n < 5; n++) {
    await page.getByLabel(CODE).fill(`00000${n}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
  await expect(page.getByText('Begin again with your password.')).toBeVisible();
  await page.goto('/sign-in/code');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});
