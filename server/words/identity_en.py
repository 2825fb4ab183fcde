"""Sentences of the electors' sign-in in English."""

from typing import Final

IDENTITY_EN: Final[dict[str, str]] = {
    "site.title": "{page} – Relais de procuration",
    "identity.title": "Sign in",
    "identity.intro": "Your identity comes from a public service. No password is created here.",
    "identity.with": "Sign in with {label}",
    "identity.hint.franceconnect": "For all electors, except those of New Caledonia.",
    "identity.hint.franceconnect_plus": "With a verified digital identity.",
    "identity.hint.nc_connect": "For electors enrolled in New Caledonia.",
    "identity.after": (
        "{label} asks you to prove who you are. Then you come back here. We receive your names, "
        "your sex, your date of birth and your e-mail address."
    ),
    "identity.after_any": "The service that you choose",
    "identity.none.title": "Signing in is not open on this site",
    "identity.none.text": (
        "You can make your request at a help point, on a tablet, or fill in the paper form. "
        "A gendarmerie or police station takes it."
    ),
    "identity.already": "You are already signed in: {name}.",
    "identity.continue": "Continue",
    "identity.arrived": "You are signed in",
    "identity.arrived_text": "The next page opens by itself. If not, choose “Continue”.",
    "identity.nameless": "no name",
    "identity.out": "Sign out",
    "identity.leaving": "Signing out",
    "identity.leaving_text": (
        "Your session has ended here. {label} is now ending its own. If nothing happens, choose “Continue”."
    ),
    "identity.ended": "You are signed out",
    "identity.ended_both": "Your session has ended here and at {label}.",
    "identity.ended_here": (
        "Your session has ended here. {label} has not confirmed the end of its own: close all windows of "
        "the browser."
    ),
    "identity.shared": "On a shared computer, also close the window of the browser.",
    "identity.again": "Sign in again",
    "identity.choose": "Choose how to sign in",
    "identity.paper": "You can also give your procuration on the spot or on paper.",
    "identity.problem.ETAT_INCONNU.title": "This sign-in cannot be completed",
    "identity.problem.ETAT_INCONNU.text": (
        "It is too old, already over, or was begun in another browser. Start again from the beginning. "
        "Nothing was recorded."
    ),
    "identity.problem.CODE_REFUSE.title": "The sign-in has expired",
    "identity.problem.CODE_REFUSE.text": (
        "{label} did not recognise the rest of your sign-in. Start again. Nothing was recorded."
    ),
    "identity.problem.CONNEXION_ANNULEE.title": "Sign-in cancelled",
    "identity.problem.CONNEXION_ANNULEE.text": (
        "The sign-in with {label} was stopped. Nothing was recorded. You can start again."
    ),
    "identity.problem.CONNEXION_ABSENTE.title": "Your session has ended at {label}",
    "identity.problem.CONNEXION_ABSENTE.text": "Start again: {label} will ask you to prove who you are.",
    "identity.problem.CONNEXION_REFUSEE_AILLEURS.title": "{label} refused the sign-in",
    "identity.problem.CONNEXION_REFUSEE_AILLEURS.text": (
        "Nothing was recorded. Start again. If it is refused again, tell the administrator of the service."
    ),
    "identity.problem.FOURNISSEUR_ABSENT.title": "{label} does not answer",
    "identity.problem.FOURNISSEUR_ABSENT.text": (
        "It is not your fault. Try again in a few minutes. Nothing was recorded."
    ),
    "identity.problem.NIVEAU_INSUFFISANT.title": "The level of the sign-in is not enough",
    "identity.problem.NIVEAU_INSUFFISANT.text": (
        "Your account at {label} is not verified enough. Start again, and choose another account there."
    ),
    "identity.problem.REPONSE_FOURNISSEUR.title": "The answer of {label} is not safe",
    "identity.problem.REPONSE_FOURNISSEUR.text": (
        "We refused it to protect you. Nothing was recorded. Try again later."
    ),
    "identity.problem.IDENTITE_INCOMPLETE.title": "Your identity is incomplete at {label}",
    "identity.problem.IDENTITE_INCOMPLETE.text": (
        "Something that the request must carry is missing: a name or a date of birth. "
        "We cannot correct it here."
    ),
}
