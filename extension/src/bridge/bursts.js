// SPDX-License-Identifier: MIT

/** How many requests of a frame are sent before it waits until the host has processed them. */
const BURST = 64;

/**
 * Sends the requests of a frame in bursts, so that those of other frames can come in between, however
 * many a page makes at once. A request that is never answered does not block others.
 *
 * @template Request, Answer
 */
export class Bursts {
  #send;
  #takeTurn;
  #unanswered = 0;
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @param {(request: Request) => Promise<Answer>} send
   * @param {() => Promise<unknown>} takeTurn  resolves when everything sent so far has been
   *   processed; never rejects
   */
  constructor(send, takeTurn) {
    this.#send = send;
    this.#takeTurn = takeTurn;
  }

  /**
   * @param {Request} request
   * @returns {Promise<Answer>}  in the order of the requests, if the answers are
   */
  async send(request) {
    if (++this.#unanswered % BURST === 0) {
      this.#turn = this.#turn.then(this.#takeTurn);
    }
    try {
      await this.#turn;
      return await this.#send(request);
    } finally {
      this.#unanswered--;
    }
  }
}
