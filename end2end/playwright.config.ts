// How the end-to-end tests run: twice, with JavaScript and without, each against programs of
// their own (fixtures.ts starts them). Run them with `./dev e2e`.
import { defineConfig } from '@playwright/test';

// As root Chromium needs --no-sandbox; the rest keeps it from asking the network for anything.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'specs',
  outputDir: 'test-results',
  reporter: 'list',
  forbidOnly: Boolean(process.env.CI),
  retries: 0, // a test that passes the second time has found something
  workers: 2,
  timeout: 60_000, // some tests are whole journeys of two people, on a machine that is busy
  expect: { timeout: 5_000 },
  use: {
    launchOptions: { executablePath: process.env.PROBITY_CHROMIUM ?? '/usr/bin/chromium', args },
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'js', use: { javaScriptEnabled: true } },
    { name: 'no-js', use: { javaScriptEnabled: false } },
  ],
});
