// SPDX-License-Identifier: MIT

/** How many calls of a frame go out before it waits until the host has taken them. */
const BURST = 64;

/**
 * Sends the calls of a frame in bursts, so that those of other frames come between them however
 * many a page makes in one go. What waits for its answer, even for ever, holds nothing up.
 *
 * @template Call, Answer
 */
export class Bursts {
  #send;
  #takeTurn;
  #unanswered = 0;
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @param {(call: Call) => Promise<Answer>} send
   * @param {() => Promise<unknown>} takeTurn  comes back once all that was sent has been taken; never
   *   rejects
   */
  constructor(send, takeTurn) {
    this.#send = send;
    this.#takeTurn = takeTurn;
  }

  /**
   * @param {Call} call
   * @returns {Promise<Answer>}  in the order of the calls, as far as the answers are
   */
  async send(call) {
    if (++this.#unanswered % BURST === 0) {
      this.#turn = this.#turn.then(this.#takeTurn);
    }
    try {
      await this.#turn;
      return await this.#send(call);
    } finally {
      this.#unanswered--;
    }
  }
}
