"""Sentences of the pages that the law asks for, in English. The French ones are the official ones."""

from typing import Final

LEGAL_EN: Final[dict[str, str]] = {
    "legal.translated": "This page is a translation. The French version is the official one.",
    "legal.missing": "To be filled in by whoever runs the service (setting “{setting}”).",
    # --- accessibility
    "legal.accessibility.title": "Accessibility statement",
    "legal.accessibility.commitment.title": "Our commitment",
    "legal.accessibility.commitment.1": (
        "The publisher of this service undertakes to make it accessible. Article 47 of law n° 2005-102 of "
        "11 February 2005 asks for it."
    ),
    "legal.accessibility.commitment.2": (
        "This statement is about the web pages of the Relais de procuration. It was drawn up on 27 "
        "November 2026."
    ),
    "legal.accessibility.state.title": "Compliance",
    "legal.accessibility.state.1": (
        "The Relais de procuration does not comply with the French general accessibility framework (RGAA 4)."
    ),
    "legal.accessibility.state.2": (
        "The reason: no third party has audited it. Without an audit, no rate of compliance can be given."
    ),
    "legal.accessibility.checked.title": "What is checked",
    "legal.accessibility.checked.1": (
        "Automatic tests go through every page, in each of its states. They run again at every change."
    ),
    "legal.accessibility.checked.item.1": (
        "The automatic rules of WCAG 2.2, levels A and AA, are met (with the axe-core tool)."
    ),
    "legal.accessibility.checked.item.2": ("A page enlarged four times is read without scrolling sideways."),
    "legal.accessibility.checked.item.3": (
        "Everything works with the keyboard. The active element is always visible."
    ),
    "legal.accessibility.checked.item.4": (
        "Each page has a language, a title and one main heading. Each field has a label."
    ),
    "legal.accessibility.checked.item.5": "The pages work without JavaScript or third-party cookies.",
    "legal.accessibility.checked.item.6": "The PDF registers are tagged, with a title and a language.",
    "legal.accessibility.gaps.title": "What is missing",
    "legal.accessibility.gaps.item.1": "No disabled person has tried these pages yet.",
    "legal.accessibility.gaps.item.2": "No test was made with a screen reader on these pages.",
    "legal.accessibility.gaps.item.3": "The texts have no version in French sign language.",
    "legal.accessibility.gaps.item.4": "These pages have no easy-to-read version.",
    "legal.accessibility.tools.title": "Technologies and tools",
    "legal.accessibility.tools.1": (
        "The pages use HTML and CSS. The tests use the Chromium browser and the axe-core tool."
    ),
    "legal.accessibility.contact.title": "Report a difficulty",
    "legal.accessibility.contact.1": ("You cannot use a page? Write to us: we will offer you another way."),
    "legal.accessibility.contact.2": "Contact: {accessibility_contact}",
    "legal.accessibility.contact.3": "The paper form stays open to everyone.",
    "legal.accessibility.remedies.title": "Complaints",
    "legal.accessibility.remedies.1": (
        "You reported a difficulty and the answer does not suit you? You can turn to the Defender of "
        "Rights (Défenseur des droits)."
    ),
    "legal.accessibility.remedies.item.1": "With the form on defenseurdesdroits.fr.",
    "legal.accessibility.remedies.item.2": "With its delegate in your region or territory.",
    "legal.accessibility.remedies.item.3": (
        "By post, without a stamp: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07."
    ),
    # --- legal notice
    "legal.notice.title": "Legal notice",
    "legal.notice.publisher.title": "Publisher",
    "legal.notice.publisher.1": "{publisher}",
    "legal.notice.publisher.2": "Responsible for the publication: {publication_director}",
    "legal.notice.publisher.3": "Contact: {legal_contact}",
    "legal.notice.host.title": "Hosting",
    "legal.notice.host.1": "{hosting}",
    "legal.notice.service.title": "The service",
    "legal.notice.service.1": (
        "This service passes on proxies for voting and helps to follow them. The electoral code sets the "
        "procedure (articles L. 71 to L. 78 and R. 72 to R. 80)."
    ),
    "legal.notice.service.2": (
        "A procuration is always drawn up before an entitled authority. This service does not replace it."
    ),
    "legal.notice.service.3": "The paper form stays open to everyone.",
    "legal.notice.software.title": "Software",
    "legal.notice.software.1": ("The software is free, under the European Union Public Licence (EUPL-1.2)."),
    "legal.notice.software.2": "The Noto Sans typeface is under the SIL Open Font Licence 1.1.",
    # --- personal data
    "legal.data.title": "Personal data",
    "legal.data.controller.title": "Who answers for them",
    "legal.data.controller.1": "Data controller: {data_controller}",
    "legal.data.controller.2": "Data protection officer: {data_contact}",
    "legal.data.purpose.title": "Why",
    "legal.data.purpose.1": (
        "The data serve to draw up, pass on and check proxies for voting. They serve nothing else."
    ),
    "legal.data.purpose.2": (
        "Legal basis: a task in the public interest (GDPR, article 6, paragraph 1, e). Articles R. 72 to "
        "R. 80 of the electoral code describe it."
    ),
    "legal.data.kept.title": "Which data",
    "legal.data.kept.item.1": (
        "For the elector and for the person who will vote: surname, first names, sex, date of birth, "
        "commune and elector number."
    ),
    "legal.data.kept.item.5": (
        "On line, the identity comes from an identity service. It is deleted at the end of the session."
    ),
    "legal.data.kept.item.2": (
        "The ballot or the period, and the e-mail address of the elector if they give one."
    ),
    "legal.data.kept.item.3": "For the authority: surname, first names, rank or office, date and place.",
    "legal.data.kept.item.4": (
        "For the accounts of town halls and administrators: the name of the account and what it did."
    ),
    "legal.data.never.title": "What is never kept",
    "legal.data.never.1": (
        "The reason for the absence, a copy of the identity document, its number, the nationality."
    ),
    "legal.data.recipients.title": "Who receives them",
    "legal.data.recipients.1": "The data are neither sold nor given to anybody but:",
    "legal.data.recipients.item.1": "The authority that draws up the procuration, and its delegates.",
    "legal.data.recipients.item.2": "The town hall, for its own electors only.",
    "legal.data.recipients.item.3": "The entitled computer staff, one by one. Each reading is recorded.",
    "legal.data.recipients.item.4": (
        "Any elector, for the register of proxies at the town hall: names, first names, authority, date, "
        "place and duration (R. 76-1)."
    ),
    "legal.data.terms.title": "How long",
    "legal.data.terms.item.1": (
        "A request that nobody has drawn up: {request_months} months after the request."
    ),
    "legal.data.terms.item.2": (
        "A procuration that was drawn up: {body_months} months after the end of its validity (R. 76)."
    ),
    "legal.data.terms.item.3": (
        "The paper form, at the town hall: {paper_months} months after the end of its validity (R. 76)."
    ),
    "legal.data.terms.item.4": (
        "On the tablet where the request is made: {kiosk_hours} hours after the centre has received it."
    ),
    "legal.data.terms.item.5": "The record of who read a file: {traces_months} months.",
    "legal.data.terms.1": "Deletion is automatic, every night. Backups are kept for 35 days.",
    "legal.data.rights.title": "Your rights",
    "legal.data.rights.1": (
        "You can ask to read your data, to correct them or to limit their use. Write to the data "
        "protection officer."
    ),
    "legal.data.rights.2": (
        "A procuration is ended before an entitled authority. It is not deleted before the end of its "
        "term: the law requires that it be kept."
    ),
    "legal.data.rights.3": (
        "The answer does not suit you? You can write to the CNIL: 3 place de Fontenoy, TSA 80715, "
        "75334 Paris CEDEX 07, or on cnil.fr."
    ),
    "legal.data.cookies.title": "Cookies",
    "legal.data.cookies.1": "No audience measurement, no cookie of another site.",
    "legal.data.cookies.2": "A few cookies only, all of them needed by the service:",
    "legal.data.cookies.item.1": "The one that holds your session.",
    "legal.data.cookies.item.2": "The one that protects forms.",
    "legal.data.cookies.item.3": "The one that keeps the language chosen.",
    "legal.data.cookies.item.5": "The one that carries a sentence to the next page, without any name.",
    "legal.data.cookies.item.4": "The one of the return from an identity service, for a few minutes.",
}
