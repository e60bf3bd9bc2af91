// SPDX-License-Identifier: MIT
// A script in the shape of Trello's library, for the tests alone: it assigns window.TrelloPowerUp,
// makes a new t for each request, and its own secret calls fail, so that a test sees who answered.
(function () {
  class LibraryPromise extends Promise {}
  const shown = [];
  let handlers;

  function createT(args) {
    const failing = () => LibraryPromise.reject(new Error('the library itself answered'));
    return {
      args,
      shown,
      getContext() {
        return this.args[0].context;
      },
      isMemberSignedIn() {
        const context = this.getContext();
        return context != null && context.member != null && context.member !== 'notLoggedIn';
      },
      get: (...place) => LibraryPromise.resolve(['the library itself answered', ...place]),
      popup(options) {
        shown.push(options);
        return LibraryPromise.resolve(this === undefined ? 'without this' : 'shown');
      },
      storeSecret: failing,
      loadSecret: failing,
      clearSecret: failing,
    };
  }

  let iframeConnector;
  window.TrelloPowerUp = {
    version: 'library-shaped',
    Promise: LibraryPromise,
    iframe() {
      iframeConnector ??= createT([JSON.parse(decodeURIComponent(location.hash.slice(1)))]);
      return iframeConnector;
    },
    initialize(given) {
      handlers = given;
      return { handlers };
    },
    // What the parent frame would ask for.
    ask: (name, context) => handlers[name](createT([{ context }]), { context }),
    run: (callback, context) => callback(createT([{ context }]), {}),
  };
})();
