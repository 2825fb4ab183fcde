// The few pages that a test provider shows. They look like nobody's: no emblem, no official button.

const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const page = (title, body) => `<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>body{font:1.0625rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#161616}
button{display:block;width:100%;margin:.5rem 0;padding:.75rem 1rem;font:inherit;text-align:left;border:2px solid #22307a;border-radius:.5rem;background:#fff;color:#22307a;cursor:pointer}
.quiet{border-color:#666;color:#161616}</style></head><body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`;

// Who is in front of the browser? Everybody is offered: it is a test.
export const choicePage = (label, people) => page(
  `${label} : fournisseur d’essai`,
  `<p>Choisissez l’identité à jouer.</p><form method="post">${Object.entries(people).map(([id, { label: name }]) => `<button name="person" value="${escaped(id)}">${escaped(name)}</button>`).join('')}
  <button class="quiet" name="error" value="access_denied">Refuser</button>
  <button class="quiet" name="error" value="login_required">Session terminée</button></form>`,
);

// The form of oidc-provider, sent at once: the service has already asked the person.
export const logOutPage = (label, form) => page(
  `${label} : déconnexion`,
  `${form.replace('</form>', '<input type="hidden" name="logout" value="yes"><button>Terminer la session</button></form>')}<script>document.forms[0].submit()</script>`,
);

export const endedPage = (label) => page(`${label} : session terminée`, '');

export const refusedPage = (label, code) => page(`${label} : demande refusée`, `<p>Code : ${escaped(code)}</p>`);
