// SPDX-License-Identifier: MIT
// What both twins show: a page that connects the member.
export const showAuthorization = (t) =>
  t.popup({ title: 'Connect', url: './connector/authorize.html', height: 140 });
