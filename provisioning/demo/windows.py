"""With a display: the windows of both tablets open and stay; the person plays the day, with these codes."""

import time
from typing import Final

from provisioning.demo.day import Day
from provisioning.demo.processes import python
from provisioning.demo.stage import BRIGADE, KIOSK, TOWN_HALL_ACCOUNT

EXPLANATION: Final = """
Deux fenêtres s’ouvrent : le point d’accueil et le poste de la brigade. La mairie est dans votre navigateur.

  1. Point d’accueil : code de l’agent {agent}, puis « Commencer ». L’électrice inventée :
     DUBOIS, Angela Claire Louise, née le 24 08 1962, vote à Nouméa.
     Elle désigne DUPONT, Jean-Claude Bernard, homme, né le 22 08 1944, qui vote à Nouméa.
     Le reçu « imprimé » est dans {paper}
  2. Poste de la brigade : code de l’officier {officer}, puis « Scanner le reçu » :
     il lit le dernier reçu imprimé. Cochez, choisissez la pièce, « Valider la procuration ».
  3. Mairie : {site}/mairie/  compte {account}  mot de passe {town_hall} ; puis une application de codes,
     ou ProConnect d’essai, « Camille Petit », sans rien d’autre.
     En ligne : {site}/demande/ avec FranceConnect ou NC Connect d’essai.
  4. Les messages à l’électrice : {mailbox}

Pour couper le réseau au milieu : kill {server} (il revient seul après dix secondes).
Ctrl-C arrête tout. Rien n’est gardé d’une démonstration à l’autre.
"""
OUTAGE_SECONDS: Final = 10.0
PAUSE_SECONDS: Final = 0.5


class Windows:
    """The day left to the person in front of the screen."""

    def __init__(self, day: Day) -> None:
        self._day, self._programs, self._stage = day, day.programs, day.stage

    def open(self) -> int:
        """Start everything, explain, and wait for Ctrl-C or for both windows to be closed. Returns: 0."""
        self._day.mailbox()
        self._day.server_up("le centre répond, SQLite")
        self._day.line_up()
        for profile in (KIOSK, BRIGADE):
            self._day.agent_up(profile)
            command = python("kiosk_app", *self._day.tablet_options(profile))
            self._programs.start(f"kiosk-{profile}", command)
        self._explain()
        try:
            while self._anybody_there():
                time.sleep(PAUSE_SECONDS)
        except KeyboardInterrupt:
            print("\nArrêt demandé.")
        return 0

    def _explain(self) -> None:
        codes, stage = self._stage.codes, self._stage
        print(
            EXPLANATION.format(
                agent=codes.agent,
                officer=codes.officer,
                paper=stage.paper,
                site=stage.site,
                account=TOWN_HALL_ACCOUNT,
                town_hall=codes.town_hall,
                mailbox=stage.mailbox,
                server=self._programs.running["server"].pid,
            ),
            flush=True,
        )

    def _anybody_there(self) -> bool:
        """Bring back a server that was stopped; say whether a window is still open."""
        running = self._programs.running
        if running["server"].poll() is not None:
            print(f"Le serveur est arrêté : réseau coupé pendant {OUTAGE_SECONDS:.0f} s.", flush=True)
            self._programs.stop("server")
            time.sleep(OUTAGE_SECONDS)
            self._day.server_up("le centre est de retour")
            print(f"Pour couper de nouveau : kill {running['server'].pid}", flush=True)
        return any(running[f"kiosk-{profile}"].poll() is None for profile in (KIOSK, BRIGADE))
