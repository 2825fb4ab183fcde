"""The scripted day: an elector of Nouméa files without network, an officer validates without network, the
line comes back, the town hall decides, the elector is told.

Every step is done on the screens and pages of the real programs; the pictures are what they showed.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from provisioning.demo.online import elector_online
from provisioning.demo.processes import Actor, DemoFailed, Programs, answers, python
from provisioning.demo.proofs import Proof, proofs_of, reference_on, root_of, slug, subject_of
from provisioning.demo.reading import MESSAGES, read_mails
from provisioning.demo.stage import BRIGADE, KIOSK, TOWN_HALL_ACCOUNT, Builder, Stage, zone_of_day
from provisioning.demo.telephone import take_the_key

EMAIL: Final = "angela.dubois@example.org"
BIRTH: Final = (("Jour", "24"), ("Mois", "08"), ("Année", "1962"))
MANDATAIRE_BIRTH: Final = (("Jour", "22"), ("Mois", "08"), ("Année", "1944"))
CHECKS: Final = (
    "La personne est présente devant moi",
    "Nom, prénoms et date de naissance sont identiques",
    "La photo correspond à la personne",
    "La personne demande elle-même, librement",
    "Majeur protégé\u00a0: le mandataire n’est ni son tuteur",
)
START_SECONDS, CONTACT_SECONDS, DELIVERY_SECONDS, MAIL_SECONDS = 40, 90, 100, 60
LOOK_SECONDS: Final = 2.0
SCREEN_PPI: Final = 149  # the reference tablet: 1280 x 800 on 10.1 inches


@dataclass(slots=True)
class Day:
    """The actors of the day, and what they leave behind."""

    stage: Stage
    programs: Programs
    builder: Builder
    step: Callable[[str], None]
    proofs: list[Proof] = field(default_factory=list)
    pictures: int = 0
    reference: str = ""

    def play(self) -> str:
        """The whole day. Returns: the status of the procuration at the end. Raises: DemoFailed."""
        self.mailbox()
        self.server_up("le centre répond, SQLite")
        self.line_up()
        kiosk, brigade = self.tablet(KIOSK), self.tablet(BRIGADE)
        self.first_contact(kiosk, brigade)
        self.cut()
        self.file_request(kiosk)
        self.validate(brigade)
        self.server_up("le centre est de retour ; la ligne de la brigade, pas encore")
        self.acknowledged()
        self.line_up()
        self.delivered(brigade)
        self.decide()
        self.told(brigade)
        self.step("un électeur connecté dit qui il est par NC Connect d’essai, puis se déconnecte")
        elector_online(self.programs, self.stage.site, self.picture)
        for actor in (kiosk, brigade):
            actor.do("quit")
        return self.explain()

    # ---- the world
    def mailbox(self) -> None:
        """The elector's mail server, a real SMTP server on this machine, and the page of its mails."""
        self.programs.start(
            "mailbox",
            python(
                "aiosmtpd", "-n", "-l", f"127.0.0.1:{self.stage.mail_port}",
                "-c", "aiosmtpd.handlers.Mailbox", self.stage.mail,
            ),
        )  # fmt: skip
        shown = python("provisioning.demo.mailbox", self.stage.mailbox_port, self.stage.mail)
        self.programs.start("mailbox-page", shown)

    def server_up(self, why: str) -> None:
        """Start the server and wait until it answers agents and browsers."""
        self.step(f"serveur : {why}")
        self.programs.start("server", self.builder.server_command("serve"))
        ports = (self.stage.browser_port, self.stage.agent_port)
        self.programs.wait_for("le serveur", lambda: all(answers(port) for port in ports), START_SECONDS)

    def cut(self) -> None:
        """Stop the server: from here on no tablet reaches anything."""
        self.step("COUPURE : le serveur et la ligne de la brigade sont arrêtés, plus aucun réseau")
        self.programs.stop("line")
        self.programs.stop("server")
        if answers(self.stage.agent_port):
            raise DemoFailed("le serveur répond encore après la coupure")
        self.note("Le réseau est coupé", "le port du centre ne répond plus")

    def line_up(self) -> None:
        """The brigade's own line to the centre."""
        self.step("ligne de la brigade : établie")
        ports = (self.stage.line_port, self.stage.agent_port)
        self.programs.start("line", python("provisioning.demo.line", *ports))

    def tablet(self, profile: str) -> Actor:
        """Start the tablet program, a hand at its screen, and its agent."""
        self.step(f"poste {profile} : programme et agent démarrés")
        self.agent_up(profile)
        player = python("tests.demo.player", *self.tablet_options(profile))
        return Actor(self.programs, f"kiosk-{profile}", player, {})

    def agent_up(self, profile: str) -> None:
        """Start the agent that carries a tablet's spool; the brigade's reaches the centre by its line."""
        port = self.stage.agent_port if profile == KIOSK else self.stage.line_port
        self.programs.start(
            f"agent-{profile}",
            python(
                "sync_agent", "run", "--spool", self.stage.tablet(profile, "spool"),
                "--ca", self.stage.authority / "ca.pem",
                "--server", f"https://127.0.0.1:{port}",
            ),
            {"TZ": zone_of_day()},
        )  # fmt: skip

    def tablet_options(self, profile: str) -> list[object]:
        """How a tablet program is started; the kiosk prints into a folder, the brigade reads from it."""
        device = "--printer" if profile == KIOSK else "--scanner"
        folders = self.stage.tablet_folders(profile)
        return ["--profile", profile, *folders, device, self.stage.paper, "--ppi", SCREEN_PPI]

    # ---- the day
    def first_contact(self, kiosk: Actor, brigade: Actor) -> None:
        """While the line is there: references for the kiosk, the key of the paper for the brigade."""
        self.open_kiosk(kiosk)
        self.unlock(brigade, self.stage.codes.officer)
        self.picture(brigade, "brigade-poste-de-controle")
        self.step("premier contact : références prêtées, clé du papier, annuaire")
        for profile in (KIOSK, BRIGADE):
            self.programs.wait_for(
                f"premier contact de {profile}",
                lambda profile=profile: self.in_order(profile),  # type: ignore[misc]
                CONTACT_SECONDS,
            )
        proof = self.agent(BRIGADE)["last_proof"]
        assert isinstance(proof, dict)
        size = proof["tree_size"]
        self.note("Premier contact des deux postes", f"reçus vérifiés, arbre de {size} feuilles")

    def in_order(self, profile: str) -> bool:
        """Whether a tablet holds a verified receipt, and nothing is left to carry either way."""
        status = self.agent(profile)
        proof, waiting = status["last_proof"], status["oldest_waiting_since"] or status["answers_to_take"]
        return isinstance(proof, dict) and bool(proof["receipt_at"]) and not waiting

    def open_kiosk(self, kiosk: Actor) -> None:
        """The agent d'accueil opens the tablet in the morning (K-1)."""
        kiosk.do("wait", text="Ce poste est fermé")
        self.picture(kiosk, "accueil-poste-ferme")
        kiosk.do("type", name="Code de l’agent", text=self.stage.codes.agent)
        kiosk.do("press", name="Ouvrir le poste")
        kiosk.do("wait", text="Voter par procuration")
        self.picture(kiosk, "accueil-bienvenue")

    def unlock(self, brigade: Actor, code: str) -> None:
        """The officer signs in (O0)."""
        brigade.do("wait", text="Tapez votre code")
        self.picture(brigade, "brigade-verrouille")
        brigade.do("type", name="Code", text=code)
        brigade.do("press", name="Déverrouiller")
        brigade.do("wait", text="Trouver une demande")

    def file_request(self, kiosk: Actor) -> None:
        """The elector's four steps (K0 to K7), with nobody to talk to."""
        self.step("l’électrice dépose sa demande, sans réseau")
        kiosk.do("press", name="Commencer")
        kiosk.do("wait", text="Vos données")
        self.picture(kiosk, "accueil-vos-donnees")
        kiosk.do("press", name="J’ai compris")
        self.identity(kiosk)
        self.commune(kiosk, "Dans quelle commune votez-vous ?")
        self.mandataire(kiosk)
        self.ballot(kiosk)
        kiosk.do("wait", text="Vérifiez vos réponses")
        self.picture(kiosk, "accueil-verification")
        kiosk.do("press", name="Valider ma demande")
        kiosk.do("wait", text="Votre demande est enregistrée")
        self.picture(kiosk, "accueil-reference")
        self.reference = reference_on(kiosk.words())
        self.programs.wait_for("le reçu imprimé", lambda: self.receipt() is not None, START_SECONDS)
        self.note("Demande déposée au point d’accueil", f"reçu imprimé, référence {self.reference}")
        kiosk.do("press", name="Terminer et effacer l’écran")
        kiosk.do("wait", text="Voter par procuration")
        self.picture(kiosk, "accueil-efface")

    def identity(self, kiosk: Actor) -> None:
        """Step 1: five questions about the elector."""
        self.answer(kiosk, "Quel est votre nom de naissance ?", "DUBOIS")
        self.answer(kiosk, "Quels sont vos prénoms ?", "Angela Claire Louise")
        self.choose(kiosk, "Quel est votre sexe à l’état civil ?", "Féminin")
        self.dates(kiosk, "Quelle est votre date de naissance ?", BIRTH)
        self.answer(kiosk, "Quelle est votre adresse électronique ?", EMAIL)

    def mandataire(self, kiosk: Actor) -> None:
        """Step 3: the person who will vote; by name, for Nouvelle-Calédonie has no elector numbers."""
        self.answer(kiosk, "Quel est le nom de naissance de cette personne ?", "DUPONT")
        self.answer(kiosk, "Quels sont les prénoms de cette personne ?", "Jean-Claude Bernard")
        self.choose(kiosk, "Quel est le sexe de cette personne à l’état civil ?", "Masculin")
        self.dates(kiosk, "Quelle est la date de naissance de cette personne ?", MANDATAIRE_BIRTH)
        self.commune(kiosk, "Dans quelle commune vote cette personne ?")

    def ballot(self, kiosk: Actor) -> None:
        """Step 4: the next ballot, both rounds."""
        self.choose(kiosk, "Pour quelles élections ?", "La prochaine élection")
        self.choose(kiosk, "Pour quel tour ?", "Les deux tours")

    def answer(self, kiosk: Actor, question: str, text: str) -> None:
        """One question answered with letters."""
        kiosk.do("wait", text=question)
        kiosk.do("type", name=question, text=text)
        self.go_on(kiosk, question)

    def choose(self, kiosk: Actor, question: str, choice: str) -> None:
        """One question answered by a choice."""
        kiosk.do("wait", text=question)
        kiosk.do("press", name=choice)
        self.go_on(kiosk, question)

    def dates(self, kiosk: Actor, question: str, parts: tuple[tuple[str, str], ...]) -> None:
        """A date in three boxes."""
        kiosk.do("wait", text=question)
        for name, digits in parts:
            kiosk.do("type", name=name, text=digits)
        self.go_on(kiosk, question)

    def commune(self, kiosk: Actor, question: str) -> None:
        """A place chosen among those offered; the tap goes on by itself."""
        kiosk.do("wait", text=question)
        kiosk.do("type", name=question, text="noum")
        kiosk.do("wait", text="Nouméa")
        self.picture(kiosk, "accueil-commune")
        kiosk.do("press", name="Nouméa")

    def go_on(self, kiosk: Actor, question: str) -> None:
        """A picture of the answered page, then « Continuer »."""
        self.picture(kiosk, "accueil-" + slug(question))
        kiosk.do("press", name="Continuer")

    def validate(self, brigade: Actor) -> None:
        """The officer reads the paper, compares, and signs (O1 to O5), still without network."""
        self.step("l’officier lit le reçu, compare, valide et signe, sans réseau")
        if "Tapez votre code" in brigade.words():
            self.unlock(brigade, self.stage.codes.officer)
        brigade.do("press", name="Scanner le reçu")
        brigade.do("wait", text="Comparez chaque ligne avec la pièce d’identité.")
        self.picture(brigade, "brigade-controle")
        for check in CHECKS:
            brigade.do("press", name=check)
        brigade.do("press", name="Carte nationale d’identité")
        self.picture(brigade, "brigade-controle-fait")
        brigade.do("press", name="Valider la procuration")
        brigade.do("wait", text="Votre décision est signée. Elle ne s’efface pas.")
        brigade.do("type", name="Votre code", text=self.stage.codes.officer)
        self.picture(brigade, "brigade-confirmation")
        brigade.do("press", name="Valider et signer")
        brigade.do("wait", text="Gardée sur ce poste")
        brigade.do("wait", text="Pas encore reçue par le centre")
        self.picture(brigade, "brigade-gardee-sur-ce-poste")
        self.note("Procuration validée par l’officier", "écran : « Gardée sur ce poste », centre arrêté")

    def acknowledged(self) -> None:
        """The kiosk's agent delivers by itself; the elector gets the acknowledgment (M1)."""
        self.step("l’agent du point d’accueil transmet de lui-même ; accusé de la demande")
        self.programs.wait_for("l’accusé de la demande", lambda: bool(self.messages()), DELIVERY_SECONDS)

    def delivered(self, brigade: Actor) -> None:
        """Nobody does anything: the agents deliver, the receipt is verified on the tablet."""
        self.step("l’agent de la brigade transmet de lui-même ; le reçu du centre est vérifié sur le poste")
        brigade.do("wait", text="Reçue par le centre à", seconds=DELIVERY_SECONDS)
        self.picture(brigade, "brigade-recue-par-le-centre")
        proof = self.agent(BRIGADE)["last_proof"]
        size = proof.get("tree_size") if isinstance(proof, dict) else "?"
        self.note("Reçue par le centre", f"reçu vérifié sur le poste, arbre de {size} feuilles")

    def decide(self) -> None:
        """The town hall signs in, examines, validates."""
        self.step("la mairie de Nouméa examine et valide")
        browser = Actor(self.programs, "town-hall", python("tests.demo.town_hall"), {})
        browser.do("open", url=f"{self.stage.site}/mairie/")
        browser.do("type", name="Nom du compte", text=TOWN_HALL_ACCOUNT)
        browser.do("type", name="Mot de passe", text=self.stage.codes.town_hall)
        self.picture(browser, "mairie-connexion")
        browser.do("press", name="Se connecter")
        take_the_key(browser, self.picture)
        browser.do("wait", text="Procurations à traiter")
        browser.do("wait", text="DUBOIS", reload=True)
        self.picture(browser, "mairie-a-traiter")
        browser.do("press", name="Examiner")
        browser.do("wait", text="DUPONT")
        self.picture(browser, "mairie-procuration")
        browser.do("press", name="Valider")
        browser.do("wait", text="votera à sa place")
        self.picture(browser, "mairie-confirmation")
        browser.do("press", name="Valider la procuration")
        browser.do("wait", text="Procuration validée")
        self.picture(browser, "mairie-validee")
        self.programs.stop("town-hall")
        self.note("Décision de la mairie", "validée par agent-noumea, signée dans le journal du centre")

    def told(self, brigade: Actor) -> None:
        """The elector's three messages, and the brigade's screen."""
        self.step("les messages partent vers l’électrice")
        self.programs.wait_for("trois messages", lambda: len(self.messages()) >= MESSAGES, MAIL_SECONDS)
        for path in self.messages():
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            self.proofs.append(Proof(at, "Message reçu par l’électrice", subject_of(path)))
        read_mails(self.stage, self.programs, self.picture)
        self.learned(brigade)

    def learned(self, brigade: Actor) -> None:
        """The officer asks for news instead of waiting for the next poll (O6): the decision is there."""
        self.step("la brigade demande des nouvelles et apprend la décision")
        brigade.do("press", name="Demande suivante")
        brigade.do("press", name="Transmission")
        brigade.do("press", name="Transmettre maintenant")
        end = time.monotonic() + CONTACT_SECONDS
        while brigade.value_of("Décidées") != "1":
            if time.monotonic() > end:
                raise DemoFailed(f"la décision n’est pas arrivée : {brigade.words()}")
            time.sleep(LOOK_SECONDS)
            brigade.do("press", name="Revenir")
            brigade.do("press", name="Transmission")
        self.picture(brigade, "brigade-transmission")
        self.note("Le poste de la brigade compte la décision", "état porté par la réponse scellée du centre")

    def explain(self) -> str:
        """What the centre proves of each step, and that its whole ledger holds. Returns: the status."""
        self.step("le centre explique et prouve chaque étape")
        told = json.loads(self.centre("explain", self.reference, "--json"))
        self.proofs += proofs_of(told)
        audit = json.loads(self.centre("verify", "--json"))
        if audit["faults"]:
            raise DemoFailed(f"le registre a des défauts : {audit['faults']}")
        counts = f"{audit['events']} événements, arbre {audit['leaves']}"
        self.note("Registre relu en entier", f"{counts}, racine {root_of(told)}…, aucun défaut")
        return str(told["status"])

    # ---- small things
    def centre(self, *words: object) -> str:
        """What a command of the server prints."""
        return self.programs.run("server", self.builder.server_command(*words))

    def agent(self, profile: str) -> dict[str, object]:
        """What the agent of a tablet says of itself."""
        said = self.programs.run(
            f"agent-{profile}-status",
            python("sync_agent", "status", "--json", "--spool", self.stage.tablet(profile, "spool")),
        )
        status: dict[str, object] = json.loads(said)
        return status

    def receipt(self) -> Path | None:
        """The picture of the printed receipt."""
        return next(iter(sorted(self.stage.paper.glob("recu-*.png"))), None)

    def messages(self) -> list[Path]:
        """The mails received, oldest first."""
        return sorted((self.stage.mail / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)

    def picture(self, actor: Actor, name: str) -> None:
        """Keep what a screen shows, numbered in the order of the day."""
        self.pictures += 1
        actor.do("picture", path=str(self.stage.out / f"{self.pictures:02}-{name}.png"))

    def note(self, what: str, proof: str) -> None:
        """One line of the final table."""
        self.proofs.append(Proof(datetime.now(UTC), what, proof))
