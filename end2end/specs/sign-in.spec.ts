// Getting in and out.
import { expect, test } from '../fixtures.js';
import { ADA, linkFor, signIn, signOut, signUp, somebody } from '../steps.js';

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
  const sentence = 
    'That e-mail address and password do not match, or the account is not open. Check both, ' +
    'and your mail.';
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

test('somebody new makes an account by a link, and a team of their own', async ({ page, home }) => {
  const bo = somebody('Bo Berg');
  await signUp(page, home, bo);
  await page.goto('/teams/new');
  await page.getByLabel('Team name').fill('Nordlicht <b>& Söhne</b>');
  await page.getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByText('Team Nordlicht <b>& Söhne</b> was made.')).toBeVisible();
  await expect(page).toHaveTitle(/Nordlicht <b>& Söhne<\/b> · Probity$/);
});

test('the link of a sign-up is nothing without its password, and works once', async (
  { page, home },
) => {
  const eve = somebody('Eve Adams');
  await page.goto('/sign-up');
  await page.getByLabel('Your name').fill(eve.name);
  await page.getByLabel('Email').fill(eve.email);
  await page.getByLabel('Password').fill(eve.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  const link = await linkFor(home, eve.email, 'sign-up/confirm');
  await page.goto(link);
  await page.getByLabel('Password').fill('what the owner of the mailbox guesses');
  await page.getByRole('button', { name: 'Confirm and sign in' }).click();
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription(
    'This is not the password that was typed when the account was asked for.',
  );
  await page.getByLabel('Password').fill(eve.password);
  await page.getByRole('button', { name: 'Confirm and sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create a team');
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link is no longer good');
});

test('an address with an account is told so in its mailbox and nowhere else', async (
  { page, home },
) => {
  await page.goto('/sign-up');
  await page.getByLabel('Your name').fill('Somebody else');
  await page.getByLabel('Email').fill(ADA.email.toUpperCase());
  await page.getByLabel('Password').fill('four quiet green lamps');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your mail');
  await expect(page.getByText('lies in the folder outbox of its data')).toBeVisible();
  await expect(() => expect(home.letters().join()).toContain(ADA.email.toUpperCase())).toPass();
});
