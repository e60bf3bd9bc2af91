// SPDX-License-Identifier: MIT
// Completion in bash, zsh and fish, compared with the table of commands.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { cliPath, commandTable, EXIT, run } from './cli.js';

const table = await commandTable();
const share = join(dirname(cliPath), 'share');
const FILES = {
  bash: join(share, 'bash-completion/completions/powerup-secrets'),
  zsh: join(share, 'zsh/site-functions/_powerup-secrets'),
  fish: join(share, 'fish/vendor_completions.d/powerup-secrets.fish'),
};

/** @param {string} shell @param {string} script @param {string[]} args */
const ask = (shell, script, ...args) => {
  const behind = shell === 'fish' ? args : ['-', ...args];
  return execFileSync(shell, ['-c', script, ...behind], { encoding: 'utf8', cwd: share });
};

/**
 * Makes Ctrl-G print the completions of zsh between << and >>. The marks are assembled at run time so that
 * the terminal's echo of these lines does not contain them.
 */
const ZSH_SETUP = [
  'PS1= PROMPT= RPROMPT=; setopt no_beep; autoload -Uz compinit; compinit -D -u; bindkey -e',
  `source '${FILES.zsh}'`,
  // With -A, -D or -O, compadd only computes matches and adds none.
  'note() { local -a all; builtin compadd -A all "$@"; seen+=($all); builtin compadd "$@" }',
  'compadd() { if (( $argv[(I)-[ADO]] )); then builtin compadd "$@"; else note "$@"; fi }',
  'show() { local -a seen; _main_complete; print -r -- "<""<$seen>"">"; compstate[insert]= compstate[list]= }',
  "zle -C show complete-word show; bindkey '^G' show",
  // Keys that come before the line editor begins are not its own.
  "zle-line-init() { print '<'ready'>' }; zle -N zle-line-init",
].join('\n');

/**
 * The sorted completions of a shell at the end of each line, all from one shell process. A line is a list
 * of words; the last one is being typed.
 *
 * @type {Record<string, (lines: string[][]) => string[][]>}
 */
const OFFERS = {
  bash: (lines) =>
    lines.map((words) =>
      sorted(
        ask(
          'bash',
          `. "$1"; shift
           COMP_WORDS=(powerup-secrets "$@"); COMP_CWORD=$#
           _powerup_secrets
           printf '%s\\n' "\${COMPREPLY[@]}"`,
          FILES.bash,
          ...words,
        ),
      ),
    ),
  fish: (lines) =>
    ask(
      'fish',
      `source $argv[1]
       for line in $argv[2..-1]; complete -C "powerup-secrets $line"; echo ==; end`,
      FILES.fish,
      ...lines.map((words) => words.join(' ')),
    )
      .split('==\n')
      .slice(0, -1)
      .map((offered) => sorted(offered.replaceAll(/\t.*$/gm, ''))),
  // zsh completes only in its line editor, so it runs in a separate terminal.
  zsh: (lines) =>
    ask(
      'zsh',
      `zmodload zsh/zpty
       zpty shell zsh -f -i
       zpty -w shell "$1"; shift
       zpty -r shell out '*<ready>*'
       for line; do
         zpty -w -n shell $'\\x15'"powerup-secrets $line"$'\\x07'
         zpty -r shell out '*<<*>>*'
         print -r -- "\${\${out##*<<}%%>>*}"
       done
       zpty -d shell`,
      ZSH_SETUP,
      ...lines.map((words) => words.join(' ')),
    )
      .split('\n')
      .slice(0, -1)
      .map((offered) => sorted(offered.replaceAll(' ', '\n'))),
};

/** @param {string} text  a line each */
const sorted = (text) => [...new Set(text.split('\n').filter(Boolean))].sort();

for (const [shell, file] of Object.entries(FILES)) {
  const offers = OFFERS[shell];

  test(`the built ${shell} script is what completion ${shell} prints, and ${shell} can load it`, async () => {
    const { code, stdout } = await run(['completion', shell]);
    assert.equal(code, EXIT.done);
    assert.equal(readFileSync(file, 'utf8'), stdout);
    execFileSync(shell, ['-n', file], { stdio: 'pipe' });
  });

  test(`${shell} offers every command`, () => {
    const first = new Set(table.map(({ name }) => name.split(' ')[0]));
    assert.deepEqual(offers([[''], ['st'], ['help', 'see']]), [
      [...first].sort(),
      ['storage'],
      ['seed'],
    ]);
    for (const word of first) {
      const second = table
        .filter(({ name }) => name.startsWith(`${word} `))
        .map(({ name }) => name.split(' ')[1]);
      if (second.length > 0) {
        assert.deepEqual(offers([[word, '']]), [second.sort()]);
      }
    }
  });

  test(`${shell} offers the options of every command`, () => {
    const offered = offers(table.map(({ name }) => [...name.split(' '), '--']));
    table.forEach(({ name, options }, i) => {
      assert.deepEqual(offered[i], options.map((option) => `--${option.name}`).sort(), name);
    });
    assert.deepEqual(offers([['--'], ['--state', 'x', 'item', 'get', '--js']]), [
      ['--help', '--json', '--state', '--timeout', '--version', '--wait'],
      ['--json'],
    ]);
  });

  test(`${shell} offers the values of a command or an option`, async () => {
    const browsers = JSON.parse((await run(['install', '--table', '--json'])).stdout);
    const names = browsers.map((/** @type {{name: string}} */ { name }) => name);
    /** @type {[string[], string[]][]} */
    const cases = [
      [
        ['storage', ''],
        ['denied', 'enabled', 'full', 'missing'],
      ],
      [['storage', 'd'], ['denied']],
      [
        ['fidelity', ''],
        ['documented', 'library'],
      ],
      [
        ['partition', ''],
        ['off', 'on'],
      ],
      [
        ['completion', ''],
        ['bash', 'fish', 'zsh'],
      ],
      [
        ['fault', '--op', 'cl'],
        ['clearSecret', 'closeBoardBar', 'closeModal', 'closeOverlay', 'closePopup'],
      ],
      [
        ['answer', 're'],
        ['refreshTokens', 'requestToken'],
      ],
      [
        ['invoke', 'card-b'],
        ['card-back-section', 'card-badges', 'card-buttons'],
      ],
      [
        ['plugin-data', 'get', '--scope', ''],
        ['board', 'card', 'member', 'organization'],
      ],
      [['plugin-data', 'get', '--visibility', 'p'], ['private']],
      [['doctor', '--browser', ''], [...new Set(names)].sort()],
      [['install', '--browser', 'fire'], ['firefox']],
    ];
    assert.deepEqual(
      offers(cases.map(([words]) => words)),
      cases.map(([, expected]) => expected),
    );
  });

  test(`${shell} offers folders and files where an option takes one`, () => {
    const [folders, files, none] = offers([
      ['items', '--state', 'ma'],
      ['seed', '--value-file', 'man/man1/power'],
      ['seed', '--origin', 'ma'],
    ]);
    assert.deepEqual(
      folders.map((name) => name.replace(/\/$/, '')),
      ['man'],
    );
    assert.ok(files.some((name) => name.endsWith('powerup-secrets.1')));
    assert.deepEqual(none, []);
  });
}
