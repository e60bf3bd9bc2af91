// SPDX-License-Identifier: MIT
// A typical settings page of a Power-Up: it stores the token of another service as a secret, and tells
// the user what to do when that fails.
const t = window.TrelloPowerUp.iframe();
const status = document.getElementById('status');
const token = document.getElementById('token');

function show(state, text) {
  status.dataset.state = state;
  status.textContent = text;
}

function explain(error) {
  if (error.message.startsWith('Decryption failed')) {
    return 'Your personal settings were removed. Please connect again.';
  }
  if (error.name === 'SecurityError') {
    return 'Please allow this site to use local storage in your browser’s settings.';
  }
  return `Something went wrong: ${error.message}`;
}

/** Runs one step and shows its failure, also when the library throws instead of rejecting. */
async function attempt(step) {
  try {
    show('busy', 'One moment…');
    await step();
  } catch (error) {
    show('problem', explain(error));
  }
}

async function refresh() {
  const secret = await t.loadSecret('token');
  if (secret === null) {
    show('disconnected', 'Not connected.');
  } else {
    show('connected', `Connected. The token has ${secret.length} characters.`);
  }
}

document.getElementById('connect').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(async () => {
    await t.storeSecret('token', token.value);
    token.value = '';
    await refresh();
  });
});

document.getElementById('disconnect').addEventListener('click', () => {
  attempt(async () => {
    await t.clearSecret('token');
    await refresh();
  });
});

attempt(refresh);
