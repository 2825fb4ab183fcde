"""Pages of the computer of a town hall: opening a session, reading and writing the stick."""

import hmac
import secrets
from pathlib import Path
from typing import Final

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View
from django.views.decorators.http import require_GET

from procuration.errors import ProcurationError, RuleViolated
from server.commune import hall as halls
from server.commune import memory
from server.commune.memory import Name
from server.commune.models import Alarm
from server.commune.places import Sticks
from server.commune.register_files import RegisterFiles
from server.commune.sealing import waiting
from server.commune.stick import Read, read_stick, write_stick
from server.commune.words import read_words, refused_words
from server.config.centre import current_centre
from server.mairie.perms import TownHallView
from server.pages.french import moment
from server.pages.places import zone_of_place
from server.texts_fr import counted, text

TOKEN: Final = secrets.token_urlsafe(32)
"""Opens a session: written on the terminal where the code was typed, nowhere else; it ends with the
program."""
sticks = Sticks()
write_registers = RegisterFiles()


@require_GET
def open_session(request: HttpRequest, token: str) -> HttpResponse:
    """The address that the program wrote when it started."""
    if not hmac.compare_digest(token.encode(), TOKEN.encode()):
        return redirect("commune:closed")
    login(request, halls.local_account().user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("mairie:waiting")


class Closed(View):
    """No session: how to open one."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "commune/closed.html", status=200)


class StickPage(TownHallView):
    """« Lire la clé USB », « Écrire sur la clé USB »."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        hall = current_centre()
        zone = zone_of_place(hall.tables, *self.place)
        read, written = memory.instant(Name.READ_AT), memory.instant(Name.WRITTEN_AT)
        context = {
            "sticks": sticks.found(),
            "waiting": counted("commune.waiting", waiting(hall)),
            "read": moment(read, zone) if read else "",
            "written": moment(written, zone) if written else "",
            "directory": moment(hall.tables.directory.issued, zone),
            "stopped": halls.stopped(),
            "behind": halls.clock_is_behind(hall.clock.now()),
            "alarm": Alarm.objects.exists(),
        }
        return render(request, "commune/stick.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            stick = sticks.named(request.POST.get("stick", ""))
            if request.POST.get("do") == "write":
                messages.success(request, self._written(stick))
            else:
                for sentence in read_words(self._read(stick)):
                    messages.info(request, sentence)
        except ProcurationError as error:
            messages.error(request, refused_words(error))
        except OSError:  # full, or pulled out: what was written before stays, nothing here is lost
            messages.error(request, refused_words(RuleViolated("CLE_RETIREE")))
        return redirect("commune:stick")

    def _read(self, stick: Path) -> Read:
        read = read_stick(current_centre(), stick)
        write_registers(current_centre(), always=True)
        return read

    def _written(self, stick: Path) -> str:
        count = write_stick(current_centre(), stick)
        return counted("commune.written", count) + " " + text("commune.remove")
