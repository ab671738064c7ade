// Getting in and out.
import { expect, test } from '../fixtures.js';
import { ADA, signIn, signOut } from '../steps.js';

test('a page that needs a session asks to sign in first and comes back', async ({ page, home }) => {
  await page.goto(`${home.team}/keys`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await expect(page.getByText(`Then you go on to ${home.team}/keys`)).toBeVisible();
  await signIn(page, ADA);
  await expect(page).toHaveURL(`${home.team}/keys`);
});

test('signing out ends the session', async ({ page, home }) => {
  await page.goto('/sign-in');
  await signIn(page, ADA);
  await expect(page).toHaveURL(home.team);
  const cookies = await page.context().cookies();
  await signOut(page);
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await page.context().clearCookies();
  await page.context().addCookies(cookies);
  await page.goto(home.team);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});

test('a wrong password and an unknown address are told in the same words', async ({ page }) => {
  const sentence = 'That e-mail address and password do not match. Check both.';
  for (const email of [ADA.email, 'nobody@example.com']) {
    await page.goto('/sign-in');
    await signIn(page, { email, password: 'not the right password' });
    await expect(page.getByLabel('Password')).toHaveAccessibleDescription(sentence);
    await expect(page.getByLabel('Email')).toHaveValue(email);
    await expect(page.getByLabel('Password')).toHaveValue('');
  }
});

test('a link to another site is not followed after signing in', async ({ page, home }) => {
  for (const next of ['https://example.com/', '//example.com', '/\\example.com']) {
    await page.context().clearCookies();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await signIn(page, ADA);
    await expect(page).toHaveURL(home.team);
  }
});

test('somebody new makes an account and a team of their own', async ({ page }) => {
  await page.goto('/sign-up');
  await page.getByLabel('Your name').fill('Bo Berg');
  await page.getByLabel('Email').fill(`bo-${Date.now()}@example.com`);
  await page.getByLabel('Password').fill('four quiet green lamps');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create a team');
  await page.getByLabel('Team name').fill('Nordlicht <b>& Söhne</b>');
  await page.getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByText('Team Nordlicht <b>& Söhne</b> was made.')).toBeVisible();
  await expect(page).toHaveTitle(/Nordlicht <b>& Söhne<\/b> · Probity$/);
});
