// Hands a challenge to the officer's security key, and what the key answers to the form of the page.
"use strict";

function bytes(text) {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function base64url(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function descriptors(ids) {
  return ids.map((id) => ({ type: "public-key", id: bytes(id) }));
}

async function sign(form) {
  const { challenge, site, keys } = form.dataset;
  const made = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(challenge),
      rpId: site,
      allowCredentials: descriptors(keys.split(" ")),
      userVerification: "required",
    },
  });
  form.credential_id.value = made.id;
  form.authenticator_data.value = base64url(made.response.authenticatorData);
  form.client_data.value = base64url(made.response.clientDataJSON);
  form.signature.value = base64url(made.response.signature);
}

async function add(form) {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  options.excludeCredentials = descriptors((options.excludeCredentials || []).map((one) => one.id));
  const made = await navigator.credentials.create({ publicKey: options });
  form.answer.value = JSON.stringify({
    id: made.id,
    rawId: base64url(made.rawId),
    type: made.type,
    response: {
      attestationObject: base64url(made.response.attestationObject),
      clientDataJSON: base64url(made.response.clientDataJSON),
    },
  });
}

function ready(formId, buttonId, ask) {
  const form = document.getElementById(formId);
  if (!form) return;
  const button = document.getElementById(buttonId);
  const failed = document.getElementById("echec");
  button.disabled = !window.PublicKeyCredential;
  failed.hidden = !button.disabled;
  button.addEventListener("click", async () => {
    failed.hidden = true;
    button.disabled = true;
    try {
      await ask(form);
      form.submit();
    } catch (error) { // the key was taken away, or the person said no: nothing was signed
      failed.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}

ready("signature", "signer", sign);
ready("nouvelle", "ajouter", add);
