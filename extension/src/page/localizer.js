// SPDX-License-Identifier: MIT
// t.localizeKey, t.localizeKeys and t.localizeNode, which use the page's localizer.

class LocalizerError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = `i18n:${new.target.name}`;
  }
}
class LocalizerNotFound extends LocalizerError {}
class UnsupportedKeyType extends LocalizerError {}
class UnableToParseArgs extends LocalizerError {}
class UnableToParseAttrs extends LocalizerError {}

/** @type {Record<string, (this: any, ...args: any[]) => any>} */
export const localizing = {
  localizeKey(key, data) {
    const { localizer } = /** @type {any} */ (window);
    if (typeof localizer?.localize !== 'function') {
      throw new LocalizerNotFound('No localizer available for localization.');
    }
    return localizer.localize(key, data);
  },
  localizeKeys(keys) {
    return (keys || []).map((/** @type {any} */ key) => {
      if (typeof key === 'string') {
        return this.localizeKey(key);
      }
      if (Array.isArray(key)) {
        return this.localizeKey(key[0], key[1]);
      }
      throw new UnsupportedKeyType(
        `localizeKeys doesn't recognize the supplied key type: ${typeof key}`,
      );
    });
  },
  localizeNode(node) {
    for (const element of node.querySelectorAll('[data-i18n-id],[data-i18n-attrs]')) {
      const { i18nArgs, i18nId, i18nAttrs } = element.dataset;
      let args = {};
      if (i18nArgs) {
        try {
          args = JSON.parse(i18nArgs);
        } catch (error) {
          throw new UnableToParseArgs(
            `Error parsing args. Error: ${/** @type {Error} */ (error).message}`,
          );
        }
      }
      if (i18nId) {
        element.textContent = this.localizeKey(i18nId, args);
      }
      if (i18nAttrs) {
        let attributes;
        try {
          attributes = JSON.parse(i18nAttrs);
        } catch (error) {
          throw new UnableToParseAttrs(
            `Error parsing attrs. Error: ${/** @type {Error} */ (error).message}`,
          );
        }
        if (attributes?.placeholder) {
          element.placeholder = this.localizeKey(attributes.placeholder, args);
        }
      }
    }
  },
};
