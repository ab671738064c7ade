// Passkeys, by an authenticator that Chromium makes up.
import { plugIn } from '../authenticator.js';
import { expect, expectAccessible, test } from '../fixtures.js';
import { readCodes, signIn, signOut, signUp, somebody } from '../steps.js';

test('a passkey is added, signs in alone and as the second step, and is removed', async (
  { page, home, javaScriptEnabled },
) => {
  test.skip(!javaScriptEnabled, 'only a script can open the dialog of a passkey');
  test.setTimeout(90_000);
  const pia = somebody('Pia Key');
  const team = await signUp(page, home, pia);
  await plugIn(page);
  await page.goto('/account/passkeys/new');
  await expectAccessible(page);
  await page.getByLabel('Name').fill('Desk');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const codes = await readCodes(page);
  page.once('dialog', (dialog) => dialog.accept());
  await page.goto('/account/security');
  await expect(page.getByRole('row').filter({ hasText: 'Desk' })).toBeVisible();

  await signOut(page);
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page).toHaveURL(team);

  await signOut(page);
  await signIn(page, pia);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Two-step sign-in');
  await page.getByRole('link', { name: 'Use a passkey' }).click();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page).toHaveURL(team);

  await page.goto('/account/security');
  await page.getByRole('link', { name: 'Desk' }).click();
  await page.getByRole('button', { name: 'Remove the passkey' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm that it is you');
  await page.getByLabel('Password').fill(pia.password);
  await page.getByLabel('Recovery code').fill(codes[0]);
  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await page.getByRole('button', { name: 'Remove the passkey' }).click();
  await expect(page.getByText('The passkey was removed.')).toBeVisible();
  await signOut(page);
  await signIn(page, pia);
  await expect(page, 'a password is enough again').toHaveURL(team);
});
