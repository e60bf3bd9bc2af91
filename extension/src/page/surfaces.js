// SPDX-License-Identifier: MIT
// The methods of t that show something in Trello: what the library checks, and what it sends.
import isElement from 'lodash/isElement.js';
import isFinite from 'lodash/isFinite.js';
import { relativeUrl } from './callbacks.js';
import { methodsOf } from './methods.js';

/**
 * @param {any} surface  options of a modal or a board bar
 * @param {string} name
 */
function checkSurface(surface, name) {
  if (!surface || !surface.url || typeof surface.url !== 'string') {
    throw new Error(`${name} options requires a valid url`);
  }
  checkActions(surface.actions, name);
}

/**
 * @param {any} actions
 * @param {string} name
 */
function checkActions(actions, name) {
  if (actions && !Array.isArray(actions)) {
    throw new Error(`${name} actions property must be an array`);
  }
}

/** @param {any} options */
function listContent({ items, search }) {
  let list = items;
  if (!Array.isArray(items) && typeof items !== 'function') {
    if (typeof items !== 'object') {
      throw new Error('Unsupported items type for popup. Must be an array, object, or function');
    }
    list = Object.keys(items).map((text) => {
      const item = items[text];
      if (typeof item === 'function') {
        return { text, callback: item };
      }
      return typeof item?.callback === 'function' ? { text, ...item } : { text };
    });
  }
  return { items: list, type: 'list', search };
}

/** @param {any} options */
function confirmContent(options) {
  const { message, confirmText, cancelText, onConfirm, onCancel, confirmStyle } = options;
  if (typeof message !== 'string' || typeof confirmText !== 'string') {
    throw new Error('Confirm popups must have a message and confirmText');
  }
  if (typeof onConfirm !== 'function') {
    throw new Error('Confirm popup requires onConfirm function');
  }
  if (typeof onCancel === 'function' && typeof cancelText !== 'string') {
    throw new Error('Confirm popup requires cancelText to support onCancel function');
  }
  return {
    type: 'confirm',
    message,
    confirmStyle: confirmStyle || 'primary',
    confirmText,
    onConfirm,
    ...(typeof cancelText === 'string' && { cancelText }),
    ...(typeof onCancel === 'function' && { onCancel }),
  };
}

/** @param {any} options */
function dateContent(options) {
  if (typeof options.callback !== 'function') {
    throw new Error('Date popups must have a callback function');
  }
  /** @type {any} */
  const content = { type: options.type, callback: options.callback };
  for (const name of ['date', 'minDate', 'maxDate']) {
    if (typeof options[name]?.toISOString === 'function') {
      content[name] = options[name].toISOString();
    }
  }
  if (content.minDate && content.maxDate && content.minDate > content.maxDate) {
    throw new Error('Date popup maxDate must come after minDate if specified');
  }
  return content;
}

/** @param {any} event */
function positionOf(event) {
  const { clientX, clientY, target } = event;
  if (isFinite(clientX) && isFinite(clientY)) {
    if (clientX !== 0 || clientY !== 0) {
      return { x: clientX, y: clientY };
    }
    if (target?.getBoundingClientRect) {
      const { left, top } = target.getBoundingClientRect();
      return { x: left, y: top };
    }
  }
  throw new Error('Invalid mouseEvent was provided');
}

/**
 * @param {any} t
 * @param {any} options
 */
function popupParams(t, options) {
  /** @type {any} */
  const params = { title: options.title };
  if (options.mouseEvent) {
    params.pos = positionOf(options.mouseEvent);
  }
  if (typeof options.callback === 'function') {
    params.callback = options.callback;
  }
  if (options.url && typeof options.url === 'string') {
    const { width, height } = options;
    const url = t.signUrl(relativeUrl(options.url), options.args);
    params.content = { type: 'iframe', url, width, height };
  } else if (options.items) {
    params.content = listContent(options);
  } else if (options.type === 'confirm') {
    params.content = confirmContent(options);
  } else if (options.type === 'datetime' || options.type === 'date') {
    delete params.callback;
    params.content = dateContent(options);
  } else {
    throw new Error('Unknown popup type requested');
  }
  return params;
}

/** @param {any} size  of t.sizeTo */
function heightOf(size) {
  let element = size;
  if (typeof size === 'string') {
    element = document.querySelector(size);
    if (element === null) {
      throw new Error('No elements matched');
    }
  } else if (!isElement(size)) {
    if (!isFinite(size) || size <= 0) {
      throw new Error('Invalid argument. Must be a selector, element, or positive number');
    }
    return size;
  }
  element.style.overflow = 'hidden';
  const height = Math.ceil(Math.max(element.scrollHeight, element.getBoundingClientRect().height));
  if (!height) {
    throw new Error('Unable to determine desired height.');
  }
  return height;
}

/**
 * @param {any} Promise  the promise class of the library
 * @returns {Record<string, (this: any, ...args: any[]) => any>}
 */
export function surfaces(Promise) {
  /** @type {Record<string, (this: any, ...args: any[]) => any>} */
  const methods = {
    popup(options) {
      if (!this.getContext().el && !options?.mouseEvent) {
        console.warn(
          't.popup needs an element to open next to: use the t that the callback got, or pass the mouse event as mouseEvent.',
        );
        return Promise.reject(
          new Error('Context missing target element and no mouse event provided'),
        );
      }
      let params;
      try {
        params = popupParams(this, options);
      } catch (error) {
        return Promise.reject(error);
      }
      return this.requestWithContext('popup', params);
    },

    modal(options) {
      checkSurface(options, 'Modal');
      const { actions, callback, accentColor, fullscreen, height, title, url, args } = options;
      return this.requestWithContext('modal', {
        content: {
          actions: actions || [],
          callback,
          accentColor,
          fullscreen: fullscreen || false,
          height: height || 400,
          title,
          type: 'iframe',
          url: this.signUrl(relativeUrl(url), args),
        },
      });
    },
    updateModal(options) {
      const names = ['actions', 'accentColor', 'fullscreen', 'title'];
      if (!options || !names.some((name) => options[name])) {
        return Promise.resolve();
      }
      if (options.url) {
        throw new Error('Updating Modal url not allowed');
      }
      if (options.callback) {
        throw new Error('Unable to update callback.');
      }
      checkActions(options.actions, 'Modal');
      const given = names.filter((name) => name in options);
      const content = Object.fromEntries(given.map((name) => [name, options[name]]));
      return this.requestWithContext('update-modal', { content });
    },

    boardBar(options) {
      checkSurface(options, 'BoardBar');
      const { actions, callback, accentColor, height, resizable, title, url, args } = options;
      return this.requestWithContext('board-bar', {
        content: {
          actions: actions || [],
          callback,
          accentColor,
          height: height || 200,
          resizable: resizable || false,
          title,
          type: 'iframe',
          url: this.signUrl(relativeUrl(url), args),
        },
      });
    },

    overlay(options) {
      const content = { type: 'iframe', url: options.url };
      if (options.url) {
        content.url = this.signUrl(relativeUrl(options.url), options.args);
      }
      return this.requestWithContext('overlay', options.url ? { content } : {});
    },

    alert(options) {
      const { message, duration, display } = options ?? {};
      if (typeof message !== 'string' || message.length < 1 || message.length > 140) {
        return Promise.reject(new Error('Alert requires a message of 1 to 140 characters'));
      }
      return this.requestWithContext('alert', { message, duration, display });
    },

    sizeTo(size) {
      let height;
      try {
        height = heightOf(size);
      } catch (error) {
        return Promise.reject(error);
      }
      return this.requestWithContext('resize', { height });
    },

    navigate(options) {
      return typeof options?.url === 'string'
        ? this.requestWithContext('navigate', options)
        : Promise.reject(new Error('Invalid or missing url provided in options object'));
    },
    showCard(idCard) {
      return idCard && typeof idCard === 'string'
        ? this.requestWithContext('showCard', { idCard })
        : Promise.reject(new Error('Invalid idCard provided'));
    },
    attach(data) {
      if (!this.memberCanWriteToModel('card')) {
        throw new Error('User lacks write permission on card.');
      }
      return this.requestWithContext('attach-to-card', data);
    },
    confetti(event) {
      const pos = event === undefined ? {} : { pos: positionOf(event) };
      return this.requestWithContext('confetti', pos);
    },
  };
  for (const { name, command } of methodsOf('shown')) {
    methods[name] ??= function () {
      return this.requestWithContext(command);
    };
  }
  return methods;
}
