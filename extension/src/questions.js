// SPDX-License-Identifier: MIT

/**
 * Questions that were sent to somebody and have no answer yet. It uses no method that a page could have
 * replaced.
 *
 * @template Answer
 */
export class Questions {
  /** @type {Record<number, (answer: Answer) => void>} */
  #open = Object.create(null);
  #lastId = 0;

  /**
   * @param {(id: number) => void} send  sends the question with its id
   * @returns {Promise<Answer>}  rejects when it could not be sent
   */
  ask(send) {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#open[id] = resolve;
      try {
        send(id);
      } catch (error) {
        delete this.#open[id];
        reject(error);
      }
    });
  }

  /**
   * @param {number} id
   * @param {Answer} answer
   * @returns {boolean}  whether there was such a question
   */
  answer(id, answer) {
    const resolve = this.#open[id];
    delete this.#open[id];
    resolve?.(answer);
    return resolve !== undefined;
  }

  /** Nobody will answer any more. @param {Answer} answer  in place of theirs */
  answerAll(answer) {
    for (const id in this.#open) {
      this.answer(+id, answer);
    }
  }
}
