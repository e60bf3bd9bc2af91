// SPDX-License-Identifier: MIT
// scripts/commit-subjects, in a clone, in a shallow one, and where there is no Git.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/commit-subjects', import.meta.url));
const LONGEST = 'é'.repeat(72);
const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];

/** @param {string} folder @param {string[]} args */
const git = (folder, ...args) =>
  execFileSync('git', ['-C', folder, ...identity, ...args], { stdio: 'pipe' });

/**
 * An empty folder with the script in it.
 *
 * @param {import('node:test').TestContext} t
 */
function newFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'subjects-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'scripts'));
  cpSync(script, join(folder, 'scripts/commit-subjects'));
  return folder;
}

/** A repository whose commits have these subjects. @param {string} folder @param {string[]} subjects */
function makeRepository(folder, subjects) {
  git(folder, 'init', '--quiet');
  for (const subject of subjects) {
    git(folder, 'commit', '--quiet', '--allow-empty', '--message', subject);
  }
}

/** @param {string} folder @param {string[]} args */
const check = (folder, ...args) =>
  spawnSync(join(folder, 'scripts/commit-subjects'), args, { encoding: 'utf8' });

test('a subject of 72 characters passes, and one of 73 fails', (t) => {
  const folder = newFolder(t);
  makeRepository(folder, [LONGEST]);
  assert.equal(check(folder).status, 0);
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', `${LONGEST}!`);
  const { status, stdout } = check(folder);
  assert.equal(status, 1);
  assert.match(stdout, /^[0-9a-f]+ has 73 characters: é+!\n$/);
});

test('a shallow clone is checked as far back as it reaches', (t) => {
  const folder = newFolder(t);
  makeRepository(folder, [`${LONGEST}!`, 'Short']);
  assert.equal(check(folder).status, 1);
  const clone = join(folder, 'clone');
  git(folder, 'clone', '--quiet', '--depth=1', `file://${folder}`, clone);
  cpSync(join(folder, 'scripts'), join(clone, 'scripts'), { recursive: true });
  const { status, stderr } = check(clone);
  assert.equal(status, 0, stderr);
});

test('an unknown range fails', (t) => {
  const folder = newFolder(t);
  makeRepository(folder, ['Short']);
  const { status, stderr } = check(folder, 'nowhere..HEAD');
  assert.notEqual(status, 0);
  assert.match(stderr, /nowhere/);
});

test('without Git, its history or a repository of its own, it reports that it was skipped', (t) => {
  const folder = newFolder(t);
  assert.equal(check(folder).status, 77);
  makeRepository(folder, [`${LONGEST}!`]);
  const inner = join(folder, 'inner');
  cpSync(join(folder, 'scripts'), join(inner, 'scripts'), { recursive: true });
  assert.equal(check(inner).status, 77);
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  symlinkSync('/usr/bin/dirname', join(programs, 'dirname'));
  const options = /** @type {const} */ ({ encoding: 'utf8', env: { PATH: programs } });
  const args = [join(folder, 'scripts/commit-subjects')];
  const { status, stderr } = spawnSync('/bin/bash', args, options);
  assert.equal(status, 77, stderr);
});
