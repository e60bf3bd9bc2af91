// SPDX-License-Identifier: MIT
import { resultOf } from './errors.js';

/** @typedef {{fidelity: 'documented' | 'library'}} Scene */

/**
 * What the host says about the page's scene, asked for when it is first needed.
 *
 * @param {import('./channel.js').Channel} channel
 * @returns {() => Promise<Scene>}
 */
export function sceneOf(channel) {
  /** @type {Promise<Scene> | undefined} */
  let scene;
  return () => {
    if (scene === undefined) {
      scene = channel.ask('scene').then(resultOf);
      // A host that could not be reached is asked again by the next call.
      scene.catch(() => (scene = undefined));
    }
    return scene;
  };
}
