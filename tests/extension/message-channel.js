// SPDX-License-Identifier: MIT
// Message channels that deliver when the test says so.

/** One end of a channel; what arrives waits in its inbox until the test delivers it. */
export class Port {
  /** @type {any[]} */
  inbox = [];
  /** @type {Port | undefined} */
  other;
  #onmessage = (/** @type {any} */ _event) => {};
  get onmessage() {
    return this.#onmessage;
  }
  set onmessage(listener) {
    this.#onmessage = listener;
  }
  /** @param {any} message */
  postMessage(message) {
    this.other?.inbox.push(structuredClone(message));
  }
}

export class PortEvent extends Event {
  #data;
  #ports;
  /** @param {string} type @param {{data?: any, ports?: Port[]}} init */
  constructor(type, { data, ports = [] }) {
    super(type);
    this.#data = data;
    this.#ports = ports;
  }
  get ports() {
    return this.#ports;
  }
  get data() {
    return this.#data;
  }
}

/** A global MessageChannel that reports the channels that are created. */
export class Channel {
  /** @type {(channel: Channel) => void} */
  static made = () => {};

  constructor() {
    this.port1 = new Port();
    this.port2 = new Port();
    this.port1.other = this.port2;
    this.port2.other = this.port1;
    Channel.made(this);
  }
}
