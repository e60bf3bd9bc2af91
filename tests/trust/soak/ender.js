// SPDX-License-Identifier: MIT
// Ends hosts, workers and browsers, one at a time, each once all is well again after the last one.

/** So many steps lie between two ends, at most. */
const MOST_STEPS = 40;

/**
 * @param {import('./soak.js').Soak} soak
 * @param {{profile: string, from: number}} spared  a browser profile whose browsers are not killed, nor is
 *   anything of theirs ended after that part of the time
 */
export function endThings(soak, spared) {
  const chances = soak.chances(soak.actors.length + 1);
  return async () => {
    const enough = soak.total + 1 + chances.below(MOST_STEPS);
    const actor = chances.one(soak.actors);
    const isSpared = actor.browserProfile === spared.profile;
    const ways = ['host', 'worker', ...(isSpared ? [] : ['browser'])];
    const way = chances.one(ways);
    await soak.until(() => soak.total >= enough && actor.isWell);
    if (soak.isOver || (isSpared && soak.progress > spared.from)) {
      return;
    }
    if (way === 'browser') {
      await soak.step('kill browser', actor.name, () => actor.kill());
      for (const entry of soak.entries.values()) {
        if (entry.place.profile === actor.browserProfile) {
          entry.shake();
        }
      }
      await soak.step('start browser', actor.name, () => actor.start());
    } else if (way === 'worker' && actor.family === 'chromium') {
      await soak.step('stop worker', actor.name, () => actor.stopWorker());
    } else {
      await soak.step('kill host', actor.name, async () => actor.killHost());
    }
  };
}
